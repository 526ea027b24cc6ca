package hgauto.task;

import hgauto.release.MercurialVersion;
import hgauto.release.PublishPlan;
import hgauto.release.PublishPlan.LatestChange;
import hgauto.release.PublishPlan.Presence;
import hgauto.release.Site;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be public, or became so, as text for a person and, with {@code --json}, as it stands.
 *
 * @param dryRun whether that is a plan only
 * @param index the page of the package index with the wheels; empty if nothing goes there
 * @param site the folder of the web site; empty if nothing goes there
 * @param files one for each
 * @param latestDat {@code same}, {@code to replace}, {@code replaced} or {@code perhaps replaced}
 * @param latestDatDiff what changes in it, as a unified diff
 * @param warnings what a person should know before it is done, a line each
 * @param latestDatSaved the file with the one before; null if there is none
 * @param compared how many files were downloaded as the public does, and are as they were published
 * @param wrong what the public gets that is not as it was published, a line each
 * @param unchecked what is public and could not be downloaded, and why, a line each
 * @param failure what has broken it off, and what to do next; null if nothing has
 */
record PublishReport(
    String version,
    boolean dryRun,
    String index,
    String site,
    List<Item> files,
    String latestDat,
    List<String> latestDatDiff,
    List<String> warnings,
    String latestDatSaved,
    int compared,
    List<String> wrong,
    List<String> unchecked,
    ImageItem.Failure failure) {
  static final String TO_PUBLISH = "to publish";
  static final String PUBLISHED = "published";
  static final String PERHAPS = "perhaps published";
  private static final String THERE = "there";
  private static final String SAME = "same";
  private static final Map<String, String> LATEST =
      Map.of(
          TO_PUBLISH, "to replace",
          PUBLISHED, "replaced",
          PERHAPS, "perhaps replaced");
  private static final double MEGABYTE = 1e6;

  /**
   * A file.
   *
   * @param size in bytes
   * @param index null if it does not go there
   * @param site null if it does not go there
   */
  record Item(String file, long size, String sha256, Place index, Place site) {
    private Item in(Place nowOnIndex, Place nowOnSite) {
      return new Item(file, size, sha256, nowOnIndex, nowOnSite);
    }

    private List<Place> places() {
      List<Place> places = new ArrayList<>();
      if (index != null) {
        places.add(index);
      }
      if (site != null) {
        places.add(site);
      }
      return places;
    }
  }

  /**
   * A file in one place.
   *
   * @param state {@code there}, {@code to publish}, {@code published}, or {@code perhaps published}
   *     where that could not be found out when it had failed
   * @param location as a URL where the public downloads it from, or a folder or page
   */
  record Place(String state, String location) {
    private static Place planned(Presence presence, String location) {
      return presence == Presence.LEFT_OUT
          ? null
          : new Place(presence == Presence.ABSENT ? TO_PUBLISH : THERE, location);
    }

    private static Place done(Place planned, URI url) {
      return planned == null
          ? null
          : new Place(
              planned.isThere() ? THERE : PUBLISHED,
              url == null ? planned.location : url.toString());
    }

    private static Place soFar(Place planned, String state) {
      return planned == null || planned.isThere() ? planned : new Place(state, planned.location);
    }

    private boolean isThere() {
      return state.equals(THERE);
    }
  }

  /**
   * A plan.
   *
   * @param more warnings, besides those of the plan
   */
  static PublishReport planned(
      MercurialVersion version, PublishPlan plan, String index, String site, List<String> more) {
    return new PublishReport(
        version.text(),
        true,
        index,
        site,
        plan.items().stream()
            .map(
                item ->
                    new Item(
                        item.file().name(),
                        item.file().size(),
                        item.file().sha256(),
                        Place.planned(item.onIndex(), index),
                        Place.planned(item.onSite(), site + item.file().name())))
            .toList(),
        plan.latest().isPresent() ? LATEST.get(TO_PUBLISH) : SAME,
        plan.latest().map(LatestChange::diff).orElse(List.of()),
        Stream.concat(more.stream(), plan.warnings().stream()).toList(),
        null,
        0,
        List.of(),
        List.of(),
        null);
  }

  /**
   * The same when it is carried out.
   *
   * @param saved the {@code latest.dat} of before
   */
  PublishReport done(Optional<Path> saved, PublicDownloads.Found found) {
    Map<String, URI> onIndex = found.onIndex();
    Map<String, URI> onSite = found.onSite();
    return new PublishReport(
        version,
        false,
        index,
        site,
        files.stream()
            .map(
                it ->
                    it.in(
                        Place.done(it.index(), onIndex.get(it.file())),
                        Place.done(it.site(), onSite.get(it.file()))))
            .toList(),
        latestDat.equals(SAME) ? SAME : LATEST.get(PUBLISHED),
        latestDatDiff,
        warnings,
        saved.map(Path::toString).orElse(null),
        found.same().size(),
        List.copyOf(found.wrong()),
        List.copyOf(found.unchecked()),
        null);
  }

  /**
   * The same when carrying it out has broken off.
   *
   * @param saved the {@code latest.dat} of before
   * @param made what is public by then
   */
  PublishReport brokenOff(Optional<Path> saved, PublicSoFar made, RuntimeException failure) {
    ImageItem.Failure told = ImageItem.Failure.of(failure);
    return new PublishReport(
        version,
        false,
        index,
        site,
        files.stream()
            .map(
                it ->
                    it.in(
                        Place.soFar(it.index(), made.onIndex(it.file())),
                        Place.soFar(it.site(), made.onSite(it.file()))))
            .toList(),
        latestDat.equals(SAME) ? SAME : LATEST.get(made.onSite(Site.LATEST)),
        latestDatDiff,
        warnings,
        saved.map(Path::toString).orElse(null),
        0,
        List.of(),
        List.of(),
        new ImageItem.Failure(
            told.what(),
            told.why(),
            Stream.of(
                    told.next(),
                    "The same command goes on with the rest.",
                    sentence(made.lockThatStays()))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"))));
  }

  private static String sentence(String text) {
    return text.isEmpty()
        ? ""
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  /** The plan for a person. */
  List<String> plan() {
    List<String> lines = new ArrayList<>();
    if (!index.isEmpty()) {
      lines.add("package index: " + index);
    }
    if (!site.isEmpty()) {
      lines.add("site: " + site);
    }
    for (Item file : files) {
      lines.add(
          "  "
              + file.file()
              + ", "
              + size(file)
              + (file.index() == null ? "" : "; index: " + file.index().state())
              + (file.site() == null ? "" : "; site: " + file.site().state()));
    }
    latestDatDiff.forEach(line -> lines.add("  " + line));
    warnings.forEach(line -> lines.add("warning: " + line));
    if (isNothingToDo()) {
      lines.add("all of it is public already");
    }
    return lines;
  }

  private boolean isNothingToDo() {
    return latestDat.equals(SAME) && isAllThere();
  }

  private boolean isAllThere() {
    return files.stream().flatMap(file -> file.places().stream()).allMatch(Place::isThere);
  }

  /** What a person should know who is asked whether to go on. */
  String consequence() {
    boolean onIndex = files.stream().anyMatch(it -> it.index() != null && !it.index().isThere());
    return isAllThere()
        ? "Visitors get the new latest.dat at once."
        : "What is public stays so" + (onIndex ? ", on the index for good." : ".");
  }

  private static String size(Item file) {
    return file.size() < MEGABYTE / 10
        ? file.size() + " bytes"
        : String.format(Locale.ROOT, "%.1f MB", file.size() / MEGABYTE);
  }

  /** The result for a person; of a dry run, the plan is. */
  List<String> lines() {
    if (dryRun) {
      return List.of("That was a dry run: nothing was changed.");
    }
    List<String> lines = new ArrayList<>();
    for (Item file : files) {
      lines.add(file.file() + ": " + file.size() + " bytes, SHA-256 " + file.sha256());
      file.places().forEach(place -> lines.add("  " + place.state() + ": " + place.location()));
    }
    if (!site.isEmpty()) {
      lines.add(
          "latest.dat: "
              + latestDat
              + (latestDatSaved == null ? "" : "; the one before is " + latestDatSaved));
    }
    wrong.forEach(line -> lines.add("WRONG: " + line));
    unchecked.forEach(line -> lines.add("public, but NOT COMPARED: " + line));
    lines.add("downloaded as the public does, and as they were published: " + compared + " files");
    return lines;
  }

  /** 1 if the public gets something else, 3 if it is not known what it gets. */
  int exitCode() {
    if (!wrong.isEmpty()) {
      return 1;
    }
    return unchecked.isEmpty() ? 0 : 3;
  }
}
