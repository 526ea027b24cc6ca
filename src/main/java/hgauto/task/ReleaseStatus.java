package hgauto.task;

import hgauto.aws.Parallel;
import hgauto.console.Console;
import hgauto.error.EnvironmentException;
import hgauto.release.MercurialVersion;
import hgauto.release.PackageIndex;
import hgauto.release.PackageIndex.Indexed;
import hgauto.release.ReleaseFile;
import hgauto.release.ReleaseFiles;
import hgauto.release.Site;
import hgauto.windows.build.BuildMatrix;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Says how far a release for Windows is: built, on the package index, on the web site, offered. */
public final class ReleaseStatus {
  private final Console console;
  private final Map<String, String> environment;

  /**
   * Which release, and where to look.
   *
   * @param dist the folder with what is built
   * @param index where twine uploads to; empty if it is not to be asked
   * @param site empty if it is not to be asked
   */
  public record Request(
      Path dist, MercurialVersion version, Optional<URI> index, Optional<Site.Address> site) {}

  /**
   * @param environment of this process, for what is asked by SSH
   */
  public ReleaseStatus(Console console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  /**
   * Looks and tells; nothing is changed.
   *
   * @return the exit code, 0
   * @throws EnvironmentException if a place cannot be asked
   */
  public int run(Request request) throws InterruptedException {
    Map<String, String> built =
        ReleaseFiles.there(request.dist(), request.version()).stream()
            .collect(Collectors.toMap(ReleaseFile::name, ReleaseFile::sha256));
    Set<String> names = new TreeSet<>(built.keySet());
    BuildMatrix.fileNames(request.version()).forEach(names::addAll);
    Optional<PackageIndex> index = request.index().map(PackageIndex::of);
    Set<String> packages = Set.copyOf(names);
    Optional<Future<Map<String, Indexed>>> indexed =
        index.map(it -> Parallel.start(() -> it.find(packages)));
    Optional<Site.State> state = Optional.empty();
    if (request.site().isPresent()) {
      names.add(ReleaseFiles.checksumsName(request.version()));
      try (Site site = Site.connect(request.site().get(), environment)) {
        state = Optional.of(look(site, names, request.version()));
      }
    }
    ReleaseStatusReport report =
        ReleaseStatusReport.of(
            request.version(),
            names,
            built,
            index,
            indexed.isPresent() ? Parallel.get(indexed.get()) : Map.of(),
            state);
    report.lines().forEach(console::result);
    console.json(report);
    return 0;
  }

  /**
   * Looks for those, and for what else is there of the version.
   *
   * @param names gets the names of those of the latter that are files
   */
  private static Site.State look(Site site, Set<String> names, MercurialVersion version)
      throws InterruptedException {
    Site.State state = site.look(names);
    Set<String> all = new TreeSet<>(names);
    if (all.addAll(state.names().stream().filter(it -> isNamedAfter(it, version)).toList())) {
      state = site.look(all);
      names.addAll(state.hashes().keySet());
    }
    return state;
  }

  /** Whether it is so called, for whatever machine it is. */
  static boolean isNamedAfter(String file, MercurialVersion version) {
    return file.toLowerCase(Locale.ROOT).startsWith("mercurial-" + version + "-");
  }
}
