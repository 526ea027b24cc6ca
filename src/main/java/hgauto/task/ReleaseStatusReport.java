package hgauto.task;

import static com.github.freva.asciitable.HorizontalAlign.LEFT;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import hgauto.release.LatestDat;
import hgauto.release.MercurialVersion;
import hgauto.release.PackageIndex;
import hgauto.release.PackageIndex.Indexed;
import hgauto.release.Site;
import hgauto.release.SiteLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How far a release is, as text for a person and, with {@code --json}, as it stands.
 *
 * @param files those that are built or public, and those that the version should have
 * @param index its page with the wheels; null if it was not asked
 * @param noFiles what is no file on the site, but is called as one of the version's, or {@code
 *     latest.dat}; null if the site was not asked
 * @param latestDat whether it is there; null if the site was not asked
 * @param latestDatOffers the versions of our installers that {@code latest.dat} offers; null if the
 *     site was not asked
 * @param lock who is publishing; null if nobody is
 */
record ReleaseStatusReport(
    String version,
    List<Item> files,
    String index,
    List<String> noFiles,
    Boolean latestDat,
    List<String> latestDatOffers,
    String lock) {
  /**
   * A file. Hashes are SHA-256, null where it is not.
   *
   * @param built of the one in {@code dist}
   * @param index of the one on the package index
   * @param site of the one on the web site
   */
  record Item(String file, String built, String index, String site) {
    /** Whether it is two files, or three. */
    private boolean differs() {
      return Stream.of(built, index, site).filter(Objects::nonNull).distinct().count() > 1;
    }
  }

  static ReleaseStatusReport of(
      MercurialVersion version,
      Set<String> names,
      Map<String, String> built,
      Optional<PackageIndex> index,
      Map<String, Indexed> indexed,
      Optional<Site.State> site) {
    List<Item> files =
        names.stream()
            .map(
                name ->
                    new Item(
                        name,
                        built.get(name),
                        Optional.ofNullable(indexed.get(name)).map(Indexed::sha256).orElse(null),
                        site.map(it -> it.hashes().get(name)).orElse(null)))
            .toList();
    return new ReleaseStatusReport(
        version.text(),
        files,
        index.map(it -> it.page().toString()).orElse(null),
        site.map(it -> noFiles(version, names, it)).orElse(null),
        site.map(it -> it.latest().isPresent()).orElse(null),
        site.map(it -> it.latest().map(LatestDat::versions).orElse(Set.of()))
            .map(List::copyOf)
            .orElse(null),
        site.filter(it -> it.names().contains(SiteLock.NAME))
            .map(it -> it.lock().map(SiteLock::toString).orElse("it does not say by whom"))
            .orElse(null));
  }

  private static List<String> noFiles(
      MercurialVersion version, Set<String> names, Site.State site) {
    Set<String> files = new TreeSet<>(names);
    site.names().stream()
        .filter(name -> ReleaseStatus.isNamedAfter(name, version))
        .forEach(files::add);
    if (site.latest().isEmpty()) {
      files.add(Site.LATEST);
    }
    return site.noFiles(files);
  }

  /** The result for a person. */
  List<String> lines() {
    List<String> lines =
        new ArrayList<>(
            AsciiTable.getTable(
                    AsciiTable.NO_BORDERS,
                    files,
                    List.of(
                        new Column()
                            .header("FILE")
                            .headerAlign(LEFT)
                            .dataAlign(LEFT)
                            .with(Item::file),
                        new Column().header("BUILT").with(it -> shortened(it.built())),
                        new Column().header("INDEX").with(it -> shortened(it.index())),
                        new Column().header("SITE").with(it -> shortened(it.site())),
                        new Column().header("").with(it -> it.differs() ? "NOT THE SAME" : "")))
                .lines()
                .map(String::stripTrailing)
                .toList());
    if (index != null) {
      lines.add("index: " + count(Item::index, file -> file.endsWith(".whl")) + " wheels");
    }
    if (latestDatOffers != null) {
      lines.add("site: " + count(Item::site, file -> true) + " files");
      if (!noFiles.isEmpty()) {
        lines.add(
            "no files there, but folders, links to nothing or the like: "
                + String.join(", ", noFiles));
      }
      lines.add(latestDatLine());
    }
    if (lock != null) {
      lines.add("locked: " + lock);
    }
    return lines;
  }

  private String latestDatLine() {
    if (!latestDat) {
      return "there is no latest.dat on the site"
          + (noFiles.contains(Site.LATEST) ? " that is a file" : "");
    }
    return latestDatOffers.isEmpty()
        ? "latest.dat offers none of Mercurial's installers"
        : "latest.dat offers " + String.join(", ", latestDatOffers);
  }

  /**
   * How many are there of those that are built, or, where none are, of those that there should be.
   */
  private String count(Function<Item, String> place, Predicate<String> goesThere) {
    boolean built = files.stream().anyMatch(it -> it.built() != null);
    List<Item> wanted =
        files.stream()
            .filter(it -> goesThere.test(it.file()))
            .filter(it -> !built || it.built() != null)
            .toList();
    return wanted.stream().filter(it -> place.apply(it) != null).count() + " of " + wanted.size();
  }

  /** The first digits of a hash, which tell two files apart. */
  private static String shortened(String hash) {
    return hash == null ? "-" : hash.substring(0, 12);
  }
}
