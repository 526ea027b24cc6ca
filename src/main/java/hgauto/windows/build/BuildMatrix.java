package hgauto.windows.build;

import com.google.gson.Gson;
import hgauto.error.UsageException;
import hgauto.release.MercurialVersion;
import hgauto.resource.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which packages there are of a version of Mercurial, and how each is built: {@code packages.json}.
 *
 * <p>What it says of 5.0 to 6.1 is from automation.py of 5.8, of 6.2 to 6.8 from the one that is
 * left in 6.9, which knows no Python 2 any more; of 6.9 from {@code
 * contrib/packaging/build-windows-wheels.bat}, of 7.1 from {@code pyproject.toml}; 7.2 adds Python
 * 3.14. How long a build takes is a guess. Installers begin with {@code packaging.py} and {@code
 * pyoxidizer.py}, of about 5.4: those before had other names, and were made in another way.
 *
 * @param version of Mercurial
 * @param builds all packages of it, in the order of the file
 */
public record BuildMatrix(MercurialVersion version, List<PackageBuild> builds) {
  /** The file: what there is from a version on, in ascending order. */
  private record Listed(List<Series> series) {}

  private record Series(String from, List<Entry> packages) {}

  /**
   * Packages that are built alike, one for each Python and architecture.
   *
   * @param needs files without any of which a changeset has none of these
   * @param runUnder see {@link PackageBuild}; null if it is the Python of the package
   */
  private record Entry(
      PackageKind kind,
      String builder,
      List<String> needs,
      List<String> pythons,
      List<Arch> archs,
      String runUnder,
      int minutes) {
    List<PackageBuild> builds(MercurialVersion version) {
      List<PackageBuild> builds = new ArrayList<>();
      for (String python : pythons) {
        for (Arch arch : archs) {
          builds.add(
              new PackageBuild(
                  kind,
                  version,
                  builder,
                  python,
                  arch,
                  Objects.requireNonNullElse(runUnder, python),
                  Duration.ofMinutes(minutes)));
        }
      }
      return builds;
    }
  }

  /** Keeps a copy of the list. */
  public BuildMatrix {
    builds = List.copyOf(builds);
  }

  /**
   * All packages of a changeset.
   *
   * @param version that they are to have
   * @param hasFile whether the changeset has a file of that name, relative to the root
   * @throws UsageException if there are none, or the version is older than all that are known
   */
  public static BuildMatrix of(MercurialVersion version, Predicate<String> hasFile) {
    Series series = series(version);
    SortedMap<String, Boolean> known = new TreeMap<>();
    List<PackageBuild> builds = new ArrayList<>();
    for (Entry entry : series.packages()) {
      if (entry.needs().stream().allMatch(it -> known.computeIfAbsent(it, hasFile::test))) {
        builds.addAll(entry.builds(version));
      }
    }
    if (builds.isEmpty()) {
      throw new UsageException(
          "there are no packages of this changeset as version " + version,
          known.entrySet().stream()
              .filter(file -> !file.getValue())
              .map(Map.Entry::getKey)
              .collect(Collectors.joining(", ", "it lacks ", "")),
          "Name a changeset of that version.");
    }
    return new BuildMatrix(version, builds);
  }

  /**
   * The names of the files of a version's packages, which tell whether they are all there: of all
   * packages, and of those that each changeset has, if there are such.
   *
   * @throws UsageException if the version is older than all that are known
   */
  public static List<Set<String>> fileNames(MercurialVersion version) {
    List<Entry> entries = series(version).packages();
    return Stream.of(entries, entries.stream().filter(it -> it.needs().isEmpty()).toList())
        .map(
            some ->
                some.stream()
                    .flatMap(entry -> entry.builds(version).stream())
                    .map(PackageBuild::fileName)
                    .collect(Collectors.toSet()))
        .filter(names -> !names.isEmpty())
        .distinct()
        .toList();
  }

  private static Series series(MercurialVersion version) {
    List<Series> all = listed();
    return all.stream()
        .filter(it -> version.isOfSeriesSince(MercurialVersion.of(it.from())))
        .reduce((earlier, later) -> later)
        .orElseThrow(
            () ->
                new UsageException(
                    "packages of Mercurial " + version + " cannot be built",
                    "how that is done is known from " + all.get(0).from() + " on",
                    ""));
  }

  private static List<Series> listed() {
    return new Gson()
        .fromJson(Resource.text(BuildMatrix.class, "packages.json"), Listed.class)
        .series();
  }

  /** Why packages of that version may come out wrong: it is newer than what is known. */
  public static Optional<String> doubt(MercurialVersion version) {
    List<Series> all = listed();
    MercurialVersion newest = MercurialVersion.of(all.get(all.size() - 1).from());
    return version.isOfSeriesSince(newest) && !version.series().equals(newest.series())
        ? Optional.of(
            "how packages of " + version + " are built is not known; it is done as for " + newest)
        : Optional.empty();
  }

  /**
   * Those that a person wants.
   *
   * @throws UsageException if there is one among them that this version does not have
   */
  public List<PackageBuild> chosen(PackageChoice choice) {
    List<PackageBuild> ofKind =
        builds.stream().filter(build -> build.kind() == choice.kind()).toList();
    if (ofKind.isEmpty()) {
      throw new UsageException(
          "there is no " + choice.kind().words() + " of this changeset as version " + version,
          "it lacks the files that build it",
          "Name a changeset of Mercurial that has them.");
    }
    String newest = ofKind.get(ofKind.size() - 1).python();
    List<String> pythons = choice.pythons().isEmpty() ? List.of(newest) : choice.pythons();
    return pythons.stream()
        .flatMap(python -> choice.archs().stream().map(arch -> one(ofKind, python, arch)))
        .distinct()
        .toList();
  }

  private PackageBuild one(List<PackageBuild> ofKind, String python, Arch arch) {
    return ofKind.stream()
        .filter(build -> build.python().equals(python) && build.arch() == arch)
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "there is no "
                        + PackageBuild.words(ofKind.get(0).kind(), python, arch)
                        + " of Mercurial "
                        + version,
                    "there is one " + words(ofKind),
                    "Choose of these with --python-version and --arch."));
  }

  /** For a person: "for 3.9, 3.10 on x86, x64; for 3.11 on x86, x64, arm64". */
  private static String words(List<PackageBuild> ofKind) {
    Map<String, List<String>> archs = new LinkedHashMap<>();
    for (PackageBuild build : ofKind) {
      archs.computeIfAbsent(build.python(), it -> new ArrayList<>()).add(build.arch().toString());
    }
    Map<List<String>, List<String>> pythons = new LinkedHashMap<>();
    archs.forEach((python, on) -> pythons.computeIfAbsent(on, it -> new ArrayList<>()).add(python));
    return pythons.entrySet().stream()
        .map(
            it ->
                "for " + String.join(", ", it.getValue()) + " on " + String.join(", ", it.getKey()))
        .collect(Collectors.joining("; "));
  }
}
