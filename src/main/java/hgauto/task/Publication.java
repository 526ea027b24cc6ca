package hgauto.task;

import hgauto.aws.Parallel;
import hgauto.console.Console;
import hgauto.console.TransferBars;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.process.OnShutdown;
import hgauto.release.NameTakenException;
import hgauto.release.PackageIndex;
import hgauto.release.PublishPlan;
import hgauto.release.PublishPlan.LatestChange;
import hgauto.release.ReleaseFile;
import hgauto.release.Site;
import hgauto.release.SiteFile;
import hgauto.release.SiteLock;
import hgauto.release.Twine;
import hgauto.release.UnknownUploadException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a plan out. All that can fail comes first: everything is on the site, verified, before
 * anything is on the package index, which forgets nothing; only then files get their names on the
 * site, and at last {@code latest.dat} offers them. Whenever that ends, another run goes on.
 */
final class Publication {
  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

  /** Who presses Ctrl-C waits so long at most. */
  private static final Duration UNLOCKED_WITHIN = Duration.ofSeconds(5);

  private final Console console;
  private final PublishPlan plan;
  private final Look look;
  private final Optional<Site> site;
  private final Optional<Upload> upload;

  /** Another thread tells of it if the process is ended. */
  private final PublicSoFar made;

  /**
   * How wheels come to the package index.
   *
   * @param to where twine uploads to
   */
  record Upload(Twine twine, URI to, PackageIndex index) {}

  /** Plans anew, of what is public now. */
  @FunctionalInterface
  interface Look {
    PublishPlan plan() throws InterruptedException;
  }

  /**
   * @param look tells whether the plan is still the right one
   * @param site empty if nothing goes there
   * @param upload empty if nothing goes to the index
   */
  Publication(
      Console console, PublishPlan plan, Look look, Optional<Site> site, Optional<Upload> upload) {
    this.console = console;
    this.plan = plan;
    this.look = look;
    this.site = site;
    this.upload = upload;
    this.made = new PublicSoFar(plan);
  }

  /**
   * Does it.
   *
   * @param lock as others are to see it on the site meanwhile
   */
  void run(SiteLock lock) throws InterruptedException {
    if (plan.isDone() && !plan.isToTidy()) {
      return;
    }
    try {
      OnShutdown.during(
          () -> {
            lockAndPublish(lock);
            return null;
          },
          () -> interrupted(lock));
    } catch (RuntimeException | InterruptedException e) {
      console.warn(made.toString());
      throw e;
    }
  }

  /** What is public by now. */
  PublicSoFar made() {
    return made;
  }

  private void lockAndPublish(SiteLock lock) throws InterruptedException {
    if (site.isEmpty()) {
      checkNothingHasChanged();
      uploadWheels(() -> {});
      return;
    }
    made.locking(site.get() + SiteLock.NAME);
    boolean done = false;
    try {
      site.get().lock(lock);
      made.locked();
      publish(site.get(), lock);
      done = true;
    } finally {
      if (!done) {
        unlockIfPossible(site.get(), lock);
      }
    }
    unlock(site.get(), lock);
  }

  /**
   * The process is being ended. Where nothing is public yet, others need not wait for the next run:
   * what may still be on its way to the site has names that nobody sees, and is compared before it
   * gets others.
   */
  private void interrupted(SiteLock lock) {
    if (made.endsUnseen()) {
      Future<?> unlocking =
          Parallel.start(
              () -> {
                unlock(site.orElseThrow(), lock);
                return null;
              });
      try {
        unlocking.get(UNLOCKED_WITHIN.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException | InterruptedException e) {
        LOG.info("the lock stays", e);
      }
    }
    console.lastWord("interrupted: " + made.lastWord());
  }

  private void publish(Site to, SiteLock lock) throws InterruptedException {
    checkNothingHasChanged(); // while a person was asked
    tidy(to);
    stage(to);
    if (plan.latest().isPresent()) {
      to.stageLatest(plan.latest().get().next());
    }
    checkNothingHasChanged(); // while all was sent
    uploadWheels(() -> to.checkLocked(lock));
    to.checkLocked(lock);
    if (upload.isPresent()) { // which took its time
      to.checkStaged(plan.forSite());
    }
    for (SiteFile file : plan.forSite()) {
      made.tryOnSite(file.name());
      settled(to, file.name(), file.sha256(), () -> to.reveal(file));
    }
    if (plan.latest().isPresent()) {
      LatestChange change = plan.latest().get();
      to.checkLocked(lock);
      made.tryOnSite(Site.LATEST);
      settled(
          to,
          Site.LATEST,
          change.next().sha256(),
          () -> to.replaceLatest(change.next(), change.live()));
      console.info("latest.dat is the new one");
    }
  }

  /**
   * Refuses to go on by a plan that somebody has overtaken: what would only fail at its end must
   * not begin.
   */
  private void checkNothingHasChanged() throws InterruptedException {
    PublishPlan now = look.plan();
    if (!now.items().equals(plan.items()) || !now.latest().equals(plan.latest())) {
      throw new EnvironmentException(
          "the plan no longer holds",
          "somebody has changed latest.dat, or files of these names, since it was made",
          "Run the command again: it shows what it would do now.");
    }
  }

  /** It is a courtesy: what others have left there may be theirs, or a folder. */
  private void tidy(Site to) throws InterruptedException {
    for (String leftover : plan.leftovers()) {
      try {
        to.remove(List.of(leftover));
      } catch (EnvironmentException e) {
        LOG.info("{} stays", leftover, e);
      }
    }
  }

  /** What is done on the site. */
  @FunctionalInterface
  private interface Deed {
    void run() throws InterruptedException;
  }

  /** Makes a change; where that fails, looks whether only its answer was lost. */
  private void settled(Site to, String name, String sha256, Deed change)
      throws InterruptedException {
    try {
      change.run();
      made.settle(true);
    } catch (HgautoException e) {
      try {
        made.settle(sha256.equals(to.look(Set.of(name)).hashes().get(name)));
      } catch (HgautoException unknown) {
        LOG.info("the site does not tell", unknown);
      }
      throw e;
    }
  }

  private void stage(Site to) throws InterruptedException {
    List<SiteFile> files = plan.forSite();
    if (files.isEmpty()) {
      return;
    }
    Map<String, Long> sizes =
        files.stream().collect(Collectors.toMap(SiteFile::name, SiteFile::size));
    made.staging();
    console.info("sending " + files.size() + " files to " + to);
    try (TransferBars sent = console.bars("sent", sizes);
        TransferBars read = console.bars("verified", sizes)) {
      to.stage(files, sent::at, read::at);
    }
    console.info("they are there, and verified; nobody sees them yet");
  }

  /**
   * Uploads them.
   *
   * @param check is made before each: where the site is lost, no more of them become public
   */
  private void uploadWheels(Deed check) throws InterruptedException {
    if (upload.isEmpty()) {
      return;
    }
    List<ReleaseFile> wheels = plan.uploads();
    for (int done = 0; done < wheels.size(); done++) {
      ReleaseFile wheel = wheels.get(done);
      check.run();
      console.info("uploading " + wheel.name() + " (" + (done + 1) + " of " + wheels.size() + ")");
      made.tryOnIndex(wheel.name());
      upload(wheel, upload.get());
    }
  }

  private void upload(ReleaseFile wheel, Upload to) {
    try {
      to.twine().upload(wheel, to.to());
    } catch (HgautoException e) {
      boolean there = isThere(wheel, to.index());
      // An index may show a file some time after it has taken it.
      if (there || !(e instanceof UnknownUploadException || e instanceof NameTakenException)) {
        made.settle(there);
      }
      if (!there) {
        throw e;
      }
      LOG.info("the index has {} all the same", wheel.name(), e);
      return;
    }
    made.settle(true);
  }

  /** Whether only its answer was lost. */
  private static boolean isThere(ReleaseFile wheel, PackageIndex index) {
    try {
      return Optional.ofNullable(index.find(Set.of(wheel.name())).get(wheel.name()))
          .filter(it -> it.sha256().equals(wheel.sha256()))
          .isPresent();
    } catch (EnvironmentException e) {
      LOG.info("the index does not tell", e);
      return false;
    }
  }

  /** The next run of this release takes over the lock that stays. */
  private void unlockIfPossible(Site to, SiteLock lock) throws InterruptedException {
    try {
      unlock(to, lock);
    } catch (HgautoException e) {
      LOG.warn("the lock stays", e);
    }
  }

  private void unlock(Site to, SiteLock lock) throws InterruptedException {
    to.unlock(lock);
    made.unlocked();
  }
}
