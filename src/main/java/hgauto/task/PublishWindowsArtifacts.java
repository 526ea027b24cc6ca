package hgauto.task;

import static java.nio.charset.StandardCharsets.US_ASCII;

import hgauto.aws.Owner;
import hgauto.aws.Parallel;
import hgauto.console.Console;
import hgauto.error.EnvironmentException;
import hgauto.error.RemoteWorkException;
import hgauto.error.UsageException;
import hgauto.poll.Poll;
import hgauto.process.OnShutdown;
import hgauto.release.Dist;
import hgauto.release.LatestDat;
import hgauto.release.MercurialVersion;
import hgauto.release.PackageIndex;
import hgauto.release.PackageIndex.Indexed;
import hgauto.release.PublishPlan;
import hgauto.release.ReleaseFile;
import hgauto.release.ReleaseFiles;
import hgauto.release.Site;
import hgauto.release.SiteFile;
import hgauto.release.SiteLock;
import hgauto.release.Twine;
import hgauto.state.Reason;
import hgauto.state.StateFolder;
import hgauto.windows.build.BuildMatrix;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Makes a release for Windows public: its wheels on the package index, all of its files on the web
 * site, and there {@code latest.dat}. Looks, plans and asks before it changes anything.
 */
public final class PublishWindowsArtifacts {
  private static final String WORD = "publish";

  private final Console console;
  private final Person person;
  private final Poll poll;
  private final InstantSource clock;

  /**
   * Whose credentials are used.
   *
   * @param home has {@code .pypirc}
   * @param environment of this process, which other programs get, too
   * @param state where twine is installed if there is none
   */
  public record Person(Path home, Map<String, String> environment, StateFolder state) {}

  /**
   * What is to be public, and where.
   *
   * @param dist the folder with the files
   * @param index where twine uploads to; empty for nowhere
   * @param site empty for nowhere
   * @param visitors where the public finds what is on the site; empty if that is not to be looked
   *     at
   * @param rollback a saved {@code latest.dat} that is put back, which is all that is done then
   * @param allowPartial whether files may be missing
   * @param checksums whether the hashes are published, too
   * @param dryRun whether to stop after the plan
   * @param yes whether to go on without asking
   */
  public record Request(
      Path dist,
      MercurialVersion version,
      Optional<URI> index,
      Optional<Site.Address> site,
      Optional<URI> visitors,
      Optional<Path> rollback,
      boolean allowPartial,
      boolean checksums,
      boolean dryRun,
      boolean yes) {}

  /**
   * @param poll waits until the index shows what it was given
   */
  public PublishWindowsArtifacts(Console console, Person person, Poll poll, InstantSource clock) {
    this.console = console;
    this.person = person;
    this.poll = poll;
    this.clock = clock;
  }

  /**
   * Carries out the request.
   *
   * @return the exit code: 0, or 1 if what the public gets is not what was published, or 3 if that
   *     could not be looked at
   * @throws UsageException if there is nothing to publish, files are not what they should be, or
   *     others of their names are public; nothing was changed
   * @throws RemoteWorkException if the index refuses a wheel, or somebody publishes other files
   *     meanwhile
   * @throws EnvironmentException if a place cannot be reached, or refuses; what is public by then
   *     was told, as the result, too, if publishing had begun
   */
  public int run(Request request) throws InterruptedException {
    if (!request.dryRun() && !request.yes() && !console.canAsk()) {
      throw new UsageException(
          "nothing is published without being confirmed",
          "there is no terminal to ask on",
          "Look at the plan with --dry-run, then say --yes.");
    }
    Optional<PublicDownloads.Visit> visit = request.visitors().map(PublicDownloads::visit);
    SiteLock lock =
        SiteLock.of(
            Owner.here(), request.dist().toString(), request.version().text(), clock.instant());
    try (Dist.Hold hold = Dist.hold(request.dist(), request.version())) {
      Optional<ReleaseFiles> files =
          request.rollback().isPresent()
              ? Optional.empty()
              : Optional.of(files(hold.folder(), request));
      if (request.site().isEmpty()) {
        return publish(request, files.orElseThrow(), Optional.empty(), visit, lock);
      }
      try (Site site = Site.connect(request.site().get(), person.environment())) {
        return files.isPresent()
            ? publish(request, files.get(), Optional.of(site), visit, lock)
            : rollBack(request, site, visit, lock);
      }
    }
  }

  private ReleaseFiles files(Path dist, Request request) {
    ReleaseFiles files =
        ReleaseFiles.find(
            dist,
            request.version(),
            BuildMatrix.fileNames(request.version()),
            request.allowPartial());
    if (!files.missing().isEmpty()) {
      console.warn("not among the packages: " + String.join(", ", files.missing()));
    }
    return files;
  }

  private int rollBack(
      Request request, Site site, Optional<PublicDownloads.Visit> visit, SiteLock lock)
      throws InterruptedException {
    Path file = request.rollback().orElseThrow();
    LatestDat saved;
    try {
      saved = LatestDat.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UsageException(
          "cannot read " + file,
          Reason.of(e),
          "Name one of the files latest-windows-….dat that publishing has put into dist.");
    }
    site.checkWritable();
    Set<String> neverReplaced = // one of them tells whose folder visitors see, if a cache is late
        saved.fileNames().stream().limit(1).collect(Collectors.toSet());
    Site.State state = look(site, lock, neverReplaced);
    visit.ifPresent(it -> it.checkIsOf(state));
    PublishPlan plan = PublishPlan.rollback(saved, file, state);
    PublishReport report =
        PublishReport.planned(request.version(), plan, "", site.toString(), List.of());
    show(request, report);
    if (request.dryRun()) {
      return end(report);
    }
    confirm(request, plan, report);
    Optional<Path> kept = KeptFiles.saveLatest(console, plan, request.dist(), clock.instant());
    Publication.Look again =
        () -> {
          Site.State now = look(site, lock, Set.of());
          PublishPlan next = PublishPlan.rollback(saved, file, now);
          site.checkOwners(now, lock, next);
          return next;
        };
    carryOut(
        new Publication(console, plan, again, Optional.of(site), Optional.empty()),
        lock,
        report,
        kept);
    return compare(request, report, plan, kept, Optional.empty());
  }

  private int publish(
      Request request,
      ReleaseFiles files,
      Optional<Site> site,
      Optional<PublicDownloads.Visit> visit,
      SiteLock lock)
      throws InterruptedException {
    if (site.isPresent()) {
      site.get().checkWritable();
    }
    Optional<PackageIndex> index = request.index().map(PackageIndex::of);
    Optional<SiteFile> checksums =
        Optional.of(files.checksumsFile(request.dist()))
            .filter(it -> site.isPresent() && request.checksums());
    Seen seen = look(files, checksums, index, site, lock);
    PublishPlan plan = seen.plan();
    seen.site().ifPresent(state -> visit.ifPresent(it -> it.checkIsOf(state)));
    plan.checkNothingElseIsPublic();
    seen.site().flatMap(Site.State::latest).ifPresent(live -> doubt(request.version(), live));
    Optional<Publication.Upload> upload = Optional.empty();
    if (!plan.uploads().isEmpty()) {
      Twine twine =
          Twine.find(
              "twine",
              person.state(),
              person.home(),
              person.environment(),
              () -> console.info("installing twine for hgauto alone, which takes half a minute"));
      twine.check(plan.uploads());
      upload =
          Optional.of(
              new Publication.Upload(twine, request.index().orElseThrow(), index.orElseThrow()));
    }
    PublishReport report =
        PublishReport.planned(
            request.version(),
            plan,
            index.map(it -> it.page().toString()).orElse(""),
            site.map(Site::toString).orElse(""),
            seen.firstOnIndex()
                ? List.of(
                    "the package index has no page of Mercurial, the first wheel makes one; is that"
                        + " the right --repository-url?")
                : List.of());
    show(request, report);
    upload.ifPresent(this::checkLogin);
    if (request.dryRun()) {
      return end(report);
    }
    confirm(request, plan, report);
    if (request.checksums()) {
      KeptFiles.write(
          files.checksumsFile(request.dist()).local(), files.checksums().getBytes(US_ASCII));
    }
    Optional<Path> kept = KeptFiles.saveLatest(console, plan, request.dist(), clock.instant());
    Publication.Look again = () -> look(files, checksums, index, site, lock).plan();
    carryOut(new Publication(console, plan, again, site, upload), lock, report, kept);
    return compare(request, report, plan, kept, index);
  }

  /**
   * What was found.
   *
   * @param site empty if nothing goes there
   * @param firstOnIndex whether wheels go to an index that has no page of Mercurial
   */
  private record Seen(PublishPlan plan, Optional<Site.State> site, boolean firstOnIndex) {}

  /** Asks the index and the site at once what they have, and plans. */
  private static Seen look(
      ReleaseFiles files,
      Optional<SiteFile> checksums,
      Optional<PackageIndex> index,
      Optional<Site> site,
      SiteLock lock)
      throws InterruptedException {
    Optional<Future<Optional<Map<String, Indexed>>>> indexed =
        index.map(it -> Parallel.start(() -> it.findOnPage(names(files.wheels()))));
    Optional<Site.State> state = Optional.empty();
    if (site.isPresent()) {
      Set<String> names = names(files.files());
      checksums.ifPresent(it -> names.add(it.name()));
      state = Optional.of(look(site.get(), lock, names));
    }
    boolean noPage = false;
    Optional<Map<String, Indexed>> wheels = Optional.empty();
    if (indexed.isPresent()) {
      Optional<Map<String, Indexed>> page = Parallel.get(indexed.get());
      noPage = page.isEmpty();
      wheels = page.or(() -> Optional.of(Map.of()));
    }
    PublishPlan plan = PublishPlan.of(files, checksums, wheels, state);
    if (site.isPresent()) {
      site.get().checkOwners(state.orElseThrow(), lock, plan);
    }
    return new Seen(plan, state, noPage && !plan.uploads().isEmpty());
  }

  /** Publishes; a person is told by {@link Publication} what is public if that breaks off. */
  private void carryOut(
      Publication publication, SiteLock lock, PublishReport report, Optional<Path> kept)
      throws InterruptedException {
    try {
      publication.run(lock);
    } catch (RuntimeException e) {
      console.json(report.brokenOff(kept, publication.made(), e));
      throw e;
    }
  }

  private int compare(
      Request request,
      PublishReport report,
      PublishPlan plan,
      Optional<Path> kept,
      Optional<PackageIndex> index)
      throws InterruptedException {
    PublicDownloads downloads = new PublicDownloads(console, poll);
    return OnShutdown.during(
        () -> end(report.done(kept, downloads.check(plan, index, request.visitors()))),
        () ->
            console.lastWord(
                "interrupted: all of it is public, but what the public gets was not compared; the"
                    + " same command does that"));
  }

  private static Site.State look(Site site, SiteLock lock, Set<String> names)
      throws InterruptedException {
    Site.State state = site.look(names);
    site.checkUnlocked(state, lock);
    site.checkFiles(state, names);
    return state;
  }

  private static Set<String> names(List<ReleaseFile> files) {
    return files.stream().map(ReleaseFile::name).collect(Collectors.toCollection(TreeSet::new));
  }

  private void doubt(MercurialVersion version, LatestDat live) {
    String offers = "latest.dat offers " + String.join(", ", live.versions());
    if (!live.isToOffer(version)) {
      console.warn(
          offers
              + ", and goes on to: "
              + version
              + (version.isPreRelease() ? " is no release" : " is older")
              + ". To go back, see --rollback.");
    } else if (!live.versions().isEmpty()
        && live.versions().stream()
            .flatMap(text -> MercurialVersion.ifOne(text).stream())
            .noneMatch(version::mayFollow)) {
      console.warn(offers + "; is it really to offer " + version + "?");
    }
  }

  /** The plan of a dry run is its result. */
  private void show(Request request, PublishReport report) {
    report.plan().forEach(request.dryRun() ? console::result : console::info);
  }

  /** What can fail at the index is tried before anything is sent anywhere. */
  private void checkLogin(Publication.Upload upload) {
    upload
        .twine()
        .checkLogin(upload.to())
        .ifPresentOrElse(
            why ->
                console.warn(
                    "whether the index takes your credentials is only known when it is given the first"
                        + " wheel: "
                        + why),
            () -> console.info("the index knows your credentials"));
  }

  private void confirm(Request request, PublishPlan plan, PublishReport report) {
    if (!plan.isDone()
        && !request.yes()
        && !console.confirms(report.consequence() + " To go on, type " + WORD + ":", WORD)) {
      throw new UsageException("not confirmed; nothing was changed", "", "");
    }
  }

  private int end(PublishReport report) {
    report.lines().forEach(console::result);
    console.json(report);
    return report.exitCode();
  }
}
