package hgauto.linux;

import com.google.gson.Gson;
import hgauto.aws.image.ImageSeries;
import hgauto.error.UsageException;
import hgauto.resource.Resource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The distributions that images can be made of: those of {@code distros.json}. */
public final class Distros {
  private static final String RESOURCE = "distros.json";

  /** The file: packages of all, each distribution with its own, and what became of others. */
  private record Listed(
      List<String> packages,
      List<String> wanted,
      List<Entry> distros,
      Map<String, String> retired) {}

  private record Entry(
      String name,
      String owner,
      String namePattern,
      List<String> parameters,
      String login,
      List<String> packages) {}

  private final List<Distro> all;
  private final Map<String, String> retired;

  private Distros(Listed listed) {
    this.all = listed.distros().stream().map(entry -> distro(listed, entry)).toList();
    this.retired = listed.retired();
  }

  /** Those that came with this version of hgauto. */
  public static Distros known() {
    return new Distros(new Gson().fromJson(Resource.text(Distros.class, RESOURCE), Listed.class));
  }

  /** All, in the order of the file. */
  public List<Distro> all() {
    return all;
  }

  /**
   * The one of that name.
   *
   * @throws UsageException if there is none; it says which to use
   */
  public Distro named(String name) {
    return all.stream()
        .filter(distro -> distro.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private UsageException unknown(String name) {
    String successor = retired.get(name);
    return successor == null
        ? new UsageException(
            "there is no distribution " + name,
            "it is not one that hgauto knows",
            "Choose one of "
                + all.stream().map(Distro::name).collect(Collectors.joining(", "))
                + ".")
        : new UsageException(
            "there is no distribution " + name + " any more",
            "it is past its life: its publisher makes no updates, and AWS no longer shows its images",
            "Use " + successor + ".");
  }

  private static Distro distro(Listed listed, Entry entry) {
    return new Distro(
        new ImageSeries(entry.name(), entry.owner(), entry.namePattern(), entry.parameters()),
        entry.login(),
        Stream.concat(listed.packages().stream(), entry.packages().stream()).toList(),
        listed.wanted());
  }
}
