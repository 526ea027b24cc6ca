package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.release.PackageIndex.Indexed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be made public, and what is public already: worked out of what was looked up, and
 * nothing else.
 *
 * @param items one for each file
 * @param latest empty if {@code latest.dat} is to stay as it is
 * @param leftovers what killed runs have left on the site
 * @param locked whether a killed run has left its lock there
 * @param offered the {@code latest.dat} that there is in the end; empty if there is none
 * @param warnings what a person should know of it, a line each
 */
public record PublishPlan(
    List<Item> items,
    Optional<LatestChange> latest,
    List<String> leftovers,
    boolean locked,
    Optional<LatestDat> offered,
    List<String> warnings) {
  /** What there is of a file in one place. */
  public enum Presence {
    /** It is not to go there. */
    LEFT_OUT,
    /** It is not there yet. */
    ABSENT,
    /** It is there. */
    SAME,
    /** Another file of its name is there. */
    OTHER;

    private static Presence of(SiteFile file, Optional<Map<String, String>> hashes) {
      return hashes
          .map(
              all ->
                  !all.containsKey(file.name())
                      ? ABSENT
                      : all.get(file.name()).equals(file.sha256()) ? SAME : OTHER)
          .orElse(LEFT_OUT);
    }
  }

  /**
   * A file and where it goes.
   *
   * @param wheel the same file, if it goes to the package index
   */
  public record Item(
      SiteFile file, Optional<ReleaseFile> wheel, Presence onIndex, Presence onSite) {}

  /**
   * What {@code latest.dat} becomes.
   *
   * @param live what it is; empty if there is none
   */
  public record LatestChange(Optional<LatestDat> live, LatestDat next) {
    /** For a person, as a unified diff. */
    public List<String> diff() {
      return next.diff(live.orElse(LatestDat.of(new byte[0])));
    }
  }

  /** Keeps copies of the lists. */
  public PublishPlan {
    items = List.copyOf(items);
    leftovers = List.copyOf(leftovers);
    warnings = List.copyOf(warnings);
  }

  /**
   * Plans a release. What {@code latest.dat} offers stays as it is where that is newer, or is a
   * release and this one is not.
   *
   * @param checksums the file with the hashes; empty to leave it out
   * @param index what the package index has of the wheels; empty to leave it out
   * @param site what is on the web site; empty to leave it out
   * @throws EnvironmentException if {@code latest.dat} cannot be changed without loss
   */
  public static PublishPlan of(
      ReleaseFiles files,
      Optional<SiteFile> checksums,
      Optional<Map<String, Indexed>> index,
      Optional<Site.State> site) {
    Optional<Map<String, String>> onIndex = index.map(PublishPlan::hashes);
    Optional<Map<String, String>> onSite = site.map(Site.State::hashes);
    List<Item> items = new ArrayList<>();
    for (ReleaseFile file : files.files()) {
      SiteFile same = SiteFile.of(file);
      Optional<ReleaseFile> wheel = Optional.of(file).filter(files.wheels()::contains);
      items.add(
          new Item(
              same,
              wheel,
              wheel.isPresent() ? Presence.of(same, onIndex) : Presence.LEFT_OUT,
              Presence.of(same, onSite)));
    }
    checksums.ifPresent(
        it ->
            items.add(new Item(it, Optional.empty(), Presence.LEFT_OUT, Presence.of(it, onSite))));
    Optional<LatestChange> latest =
        site.flatMap(
            state -> {
              LatestDat live = state.latest().orElse(LatestDat.of(new byte[0]));
              return live.isToOffer(files.version())
                  ? change(state.latest(), live.with(files.installers()))
                  : Optional.empty();
            });
    return new PublishPlan(
        items,
        latest,
        site.map(state -> leftovers(state, items, latest)).orElse(List.of()),
        site.flatMap(Site.State::lock).isPresent(),
        latest.map(LatestChange::next).or(() -> site.flatMap(Site.State::latest)),
        Stream.concat(
                files.passedOver().isEmpty()
                    ? Stream.empty()
                    : Stream.of("not published: " + String.join(", ", files.passedOver())),
                latest.map(PublishPlan::warnings).orElse(List.of()).stream())
            .toList());
  }

  private static List<String> warnings(LatestChange change) {
    if (change.live().isEmpty()) {
      return List.of("there is no latest.dat on the site, one is made; is that the right folder?");
    }
    return Stream.concat(
            change.live().filter(live -> !live.isOne()).stream()
                .map(
                    live ->
                        "no line of latest.dat on the site offers anything, and rows are added to"
                            + " it; is it another file?"),
            change.next().broken().stream()
                .map(line -> "this line of latest.dat stays, and offers nothing: " + line))
        .toList();
  }

  /**
   * Plans to put a saved {@code latest.dat} back. What others have changed in it since stays.
   *
   * @param file where it was read from
   * @throws UsageException if it offers files that are not on the site, or is none
   * @throws EnvironmentException if the live one cannot be changed without loss
   */
  public static PublishPlan rollback(LatestDat saved, Path file, Site.State site) {
    LatestDat live = site.latest().orElse(LatestDat.of(new byte[0]));
    LatestDat next = site.latest().isPresent() ? live.withInstallersOf(saved) : saved;
    Set<String> gone = new TreeSet<>(next.fileNames());
    gone.removeAll(site.names());
    gone.removeAll(live.otherFileNames()); // they stay as they are
    if (!saved.isOne()) {
      throw notToPutBack(file, "no line of it offers anything");
    }
    if (saved.hasCrWithinLine()) {
      throw notToPutBack(file, "it has a CR within a line");
    }
    if (!saved.nonsense(live).isEmpty()) {
      throw notToPutBack(
          file,
          "these lines have no number at their begin, no address or no five cells:\n"
              + String.join("\n", saved.nonsense(live)));
    }
    if (!gone.isEmpty()) {
      throw notToPutBack(file, "it offers what is not on the site: " + String.join(", ", gone));
    }
    Optional<LatestChange> latest = change(site.latest(), next);
    return new PublishPlan(
        List.of(),
        latest,
        leftovers(site, List.of(), latest),
        site.lock().isPresent(),
        Optional.of(next),
        next.equals(saved)
            ? List.of()
            : List.of(
                "others have changed latest.dat since "
                    + file
                    + " was saved: what they have there now stays, and only the rows of Mercurial's"
                    + " installers are put back"));
  }

  private static UsageException notToPutBack(Path file, String why) {
    return new UsageException(
        file + " cannot be put back as latest.dat",
        why,
        "Name one of the files latest-windows-….dat that publishing has put into dist.");
  }

  private static Optional<LatestChange> change(Optional<LatestDat> live, LatestDat next) {
    if (live.orElse(LatestDat.of(new byte[0])).equals(next)) {
      return Optional.empty();
    }
    if (live.filter(LatestDat::hasCrWithinLine).isPresent()) {
      throw new EnvironmentException(
          "latest.dat on the site cannot be changed without loss",
          "it has a CR within a line: where a row of Mercurial's installers is replaced, what"
              + " follows the CR would go, too",
          "Have its lines ended with LF, or with CR and LF, all of them. Nothing is changed.");
    }
    return Optional.of(new LatestChange(live, next));
  }

  private static Map<String, String> hashes(Map<String, Indexed> index) {
    return index.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().sha256()));
  }

  private static List<String> leftovers(
      Site.State site, Collection<Item> items, Optional<LatestChange> latest) {
    Set<String> wanted = new HashSet<>();
    items.stream()
        .filter(item -> item.onSite() == Presence.ABSENT)
        .forEach(item -> wanted.add(item.file().part()));
    latest.ifPresent(change -> wanted.add(Site.latestPart(change.next())));
    List<String> names =
        Stream.concat(items.stream().map(item -> item.file().name()), Stream.of(Site.LATEST))
            .toList();
    return Site.leftovers(site.names(), names, wanted);
  }

  /**
   * Refuses a release of which something else is public already.
   *
   * @throws UsageException if so; it names the files
   */
  public void checkNothingElseIsPublic() {
    List<String> others =
        items.stream()
            .flatMap(
                item ->
                    Stream.of(
                            item.onIndex() == Presence.OTHER ? "the package index" : "",
                            item.onSite() == Presence.OTHER ? "the site" : "")
                        .filter(place -> !place.isEmpty())
                        .map(place -> item.file().name() + " on " + place))
            .toList();
    if (!others.isEmpty()) {
      boolean onlyChecksums =
          items.stream()
              .filter(item -> item.onIndex() == Presence.OTHER || item.onSite() == Presence.OTHER)
              .allMatch(item -> item.file().name().startsWith(ReleaseFiles.CHECKSUMS));
      throw new UsageException(
          "other files of the same names are public already",
          String.join("\n", others),
          onlyChecksums
              ? "It lists other files than these. Say --no-checksums to leave it as it is."
              : "What is public is never replaced. Get those files into dist, or publish another"
                  + " version. Nothing is changed.");
    }
  }

  /** The wheels that the package index does not have yet. */
  public List<ReleaseFile> uploads() {
    return items.stream()
        .filter(item -> item.onIndex() == Presence.ABSENT)
        .map(item -> item.wheel().orElseThrow())
        .toList();
  }

  /** The files that the site does not have yet. */
  public List<SiteFile> forSite() {
    return items.stream().filter(item -> item.onSite() == Presence.ABSENT).map(Item::file).toList();
  }

  /** Whether a killed run has left anything that no visitor sees. */
  public boolean isToTidy() {
    return locked || !leftovers.isEmpty();
  }

  /** Whether all is public already, and as it is to be. */
  public boolean isDone() {
    return uploads().isEmpty() && forSite().isEmpty() && latest.isEmpty();
  }
}
