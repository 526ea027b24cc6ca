package hgauto.release;

import static java.nio.charset.StandardCharsets.US_ASCII;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.release.ReleaseFile.Kind;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is published of one version: files that are whole, and are inside what they are by name.
 *
 * @param files by name
 * @param missing the names of those that the version should have, too; empty unless the person has
 *     allowed that
 * @param passedOver the names of further files there that begin as theirs do, in whatever case
 */
public record ReleaseFiles(
    MercurialVersion version,
    List<ReleaseFile> files,
    List<String> missing,
    List<String> passedOver) {
  /** The file with the hashes, in {@code dist}. */
  static final String CHECKSUMS = "SHA256SUMS";

  /** Keeps copies of the lists. */
  public ReleaseFiles {
    files = List.copyOf(files);
    missing = List.copyOf(missing);
    passedOver = List.copyOf(passedOver);
  }

  /**
   * Finds them. The manifest says which they are, where there is one; else their names do, if they
   * make up one of the sets that are known.
   *
   * @param dist the folder that they are in
   * @param known the names of all files of that version, in each way that it may have been built
   * @param allowPartial whether fewer files will do, and others where there is no manifest
   * @throws UsageException if files are missing, are not as the manifest says, or are not what
   *     their names say, or if the manifest is not
   * @throws EnvironmentException if they cannot be read
   */
  public static ReleaseFiles find(
      Path dist, MercurialVersion version, List<Set<String>> known, boolean allowPartial) {
    try {
      Optional<Manifest> manifest = Manifest.of(dist, version);
      List<ReleaseFile> files =
          manifest.isPresent() ? recorded(dist, manifest.get()) : named(dist, version);
      if (files.isEmpty()) {
        throw new UsageException(
            "there is nothing of Mercurial " + version + " to publish",
            "none of its packages are in " + dist,
            "Build them with hgauto build-all-windows-packages, or name another version.");
      }
      Set<String> names = files.stream().map(ReleaseFile::name).collect(Collectors.toSet());
      List<String> missing = missing(names, known);
      List<String> passedOver =
          passedOver(dist, version, Stream.concat(names.stream(), missing.stream()).toList());
      if (!allowPartial && (manifest.isEmpty() || !missing.isEmpty())) {
        refusePartial(dist, version, names, known, missing, passedOver);
      }
      files.forEach(file -> checkContent(file, version));
      return new ReleaseFiles(version, files, missing, passedOver);
    } catch (IOException e) {
      throw unreadable(dist, version, e);
    }
  }

  /**
   * All files that are named after a version, whether they are a release or not.
   *
   * @param dist the folder that they are in, which may not be there
   * @throws EnvironmentException if they cannot be read
   */
  public static List<ReleaseFile> there(Path dist, MercurialVersion version) {
    try {
      return named(dist, version);
    } catch (IOException e) {
      throw unreadable(dist, version, e);
    }
  }

  private static EnvironmentException unreadable(
      Path dist, MercurialVersion version, IOException e) {
    return new EnvironmentException(
        "cannot read the packages of Mercurial " + version + " in " + dist,
        Reason.of(e),
        "Mend its permissions.",
        e);
  }

  private static List<ReleaseFile> recorded(Path dist, Manifest manifest) throws IOException {
    List<ReleaseFile> files = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    for (Artifact artifact : manifest.artifacts()) {
      Path file = dist.resolve(artifact.name());
      if (Files.notExists(file)) {
        differences.add(artifact.name() + " is not there");
        continue;
      }
      ReleaseFile found = ReleaseFile.of(file, kind(file));
      if (found.size() != artifact.size()) {
        differences.add(
            artifact.name() + " has " + found.size() + " bytes, not " + artifact.size());
      } else if (!found.sha256().equals(artifact.sha256())) {
        differences.add(
            artifact.name() + " has SHA-256 " + found.sha256() + ", not " + artifact.sha256());
      }
      files.add(found);
    }
    if (!differences.isEmpty()) {
      throw new UsageException(
          "the packages in " + dist + " are not those of its manifest",
          String.join("\n", differences),
          "Build them anew: hgauto build-all-windows-packages makes those that differ.");
    }
    return sorted(files);
  }

  private static Kind kind(Path file) {
    return Kind.of(file.getFileName().toString())
        .orElseThrow(() -> notOurs(file, "it is neither whl, exe nor msi"));
  }

  private static List<ReleaseFile> named(Path dist, MercurialVersion version) throws IOException {
    if (Files.notExists(dist)) {
      return List.of();
    }
    List<ReleaseFile> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(dist)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Optional<Kind> kind = Kind.of(file.getFileName().toString());
        if (kind.isPresent() && isNamedAfter(file, version)) {
          files.add(ReleaseFile.of(file, kind.get()));
        }
      }
    }
    return sorted(files);
  }

  private static boolean isNamedAfter(Path file, MercurialVersion version) {
    String name = file.getFileName().toString();
    return WheelName.of(name)
        .map(WheelName::version)
        .or(() -> InstallerName.of(name).map(InstallerName::version))
        .filter(version::equals)
        .isPresent();
  }

  private static List<ReleaseFile> sorted(List<ReleaseFile> files) {
    return files.stream().sorted(Comparator.comparing(ReleaseFile::name)).toList();
  }

  /** Of the known set that is nearest. */
  private static List<String> missing(Set<String> names, List<Set<String>> known) {
    return known.stream()
        .min(
            Comparator.comparingInt(set -> without(set, names).size() + without(names, set).size()))
        .map(set -> without(set, names))
        .orElse(List.of());
  }

  /** Somebody may have got a name nearly right. */
  private static List<String> passedOver(Path dist, MercurialVersion version, List<String> others)
      throws IOException {
    String begin = "mercurial-" + version + "-";
    try (Stream<Path> all = Files.list(dist)) {
      return all.filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> name.regionMatches(true, 0, begin, 0, begin.length()))
          .filter(name -> !others.contains(name))
          .sorted()
          .toList();
    }
  }

  private static void refusePartial(
      Path dist,
      MercurialVersion version,
      Set<String> names,
      List<Set<String>> known,
      List<String> missing,
      List<String> passedOver) {
    if (known.contains(names)) {
      return;
    }
    Set<String> all = known.stream().flatMap(Set::stream).collect(Collectors.toSet());
    throw new UsageException(
        "the packages of Mercurial " + version + " in " + dist + " are not all there are",
        Stream.of(
                listed("missing", missing),
                listed("not known", without(names, all)),
                listed("passed over", passedOver))
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n")),
        "Build them, or say --allow-partial to publish only what is there.");
  }

  private static String listed(String what, List<String> names) {
    return names.isEmpty() ? "" : what + ": " + String.join(", ", names);
  }

  private static List<String> without(Set<String> names, Set<String> others) {
    Set<String> rest = new TreeSet<>(names);
    rest.removeAll(others);
    return List.copyOf(rest);
  }

  private static void checkContent(ReleaseFile file, MercurialVersion version) {
    if (!isNamedAfter(file.file(), version)) {
      throw notOurs(file.file(), "no file of Mercurial " + version + " is called so");
    }
    if (file.kind() == Kind.WHEEL) {
      WheelContent.check(file.file(), WheelName.of(file.name()).orElseThrow());
    } else {
      InstallerContent.check(file);
    }
  }

  private static UsageException notOurs(Path file, String why) {
    return new UsageException(
        file + " cannot be published", why, "Take it out of the manifest, or build it anew.");
  }

  /** Those that go to the package index. */
  public List<ReleaseFile> wheels() {
    return files.stream().filter(file -> file.kind() == Kind.WHEEL).toList();
  }

  /** Those that {@code latest.dat} offers. */
  public List<ReleaseFile> installers() {
    return files.stream().filter(file -> file.kind() != Kind.WHEEL).toList();
  }

  /**
   * The public name of the file with the hashes. The version is in it, since what is public is
   * never changed.
   */
  public static String checksumsName(MercurialVersion version) {
    return CHECKSUMS + "-" + version;
  }

  /** The file that tells the public their hashes, once it is written. */
  public SiteFile checksumsFile(Path dist) {
    byte[] content = checksums().getBytes(US_ASCII);
    return new SiteFile(
        checksumsName(version), dist.resolve(CHECKSUMS), content.length, Sha256.of(content));
  }

  /** What {@code sha256sum} prints of them, and checks: a line each, by name. */
  public String checksums() {
    return files.stream()
        .map(file -> file.sha256() + "  " + file.name() + "\n")
        .collect(Collectors.joining());
  }
}
