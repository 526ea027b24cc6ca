package hgauto.task;

import hgauto.console.Console;
import hgauto.console.TransferBars;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.process.OnShutdown;
import hgauto.release.PackageIndex;
import hgauto.release.PublishPlan;
import hgauto.release.PublishPlan.LatestChange;
import hgauto.release.ReleaseFile;
import hgauto.release.Site;
import hgauto.release.SiteFile;
import hgauto.release.SiteLock;
import hgauto.release.Twine;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private final Console console;
  private final PublishPlan plan;
  private final Optional<Site> site;
  private final Optional<Upload> upload;

  /** What has become public; another thread tells if the process is ended. */
  private final List<String> onIndex = new CopyOnWriteArrayList<>();

  private final List<String> onSite = new CopyOnWriteArrayList<>();

  /**
   * How wheels come to the package index.
   *
   * @param to where twine uploads to
   */
  record Upload(Twine twine, URI to, PackageIndex index) {}

  /**
   * @param site empty if nothing goes there
   * @param upload empty if nothing goes to the index
   */
  Publication(Console console, PublishPlan plan, Optional<Site> site, Optional<Upload> upload) {
    this.console = console;
    this.plan = plan;
    this.site = site;
    this.upload = upload;
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
          () -> console.lastWord("interrupted: " + publicNow()));
    } catch (HgautoException e) {
      console.warn(publicNow());
      throw e;
    }
  }

  private void lockAndPublish(SiteLock lock) throws InterruptedException {
    if (site.isEmpty()) {
      uploadWheels();
      return;
    }
    site.get().lock(lock);
    boolean done = false;
    try {
      publish(site.get());
      done = true;
    } finally {
      if (!done) {
        unlockIfPossible(site.get());
      }
    }
    site.get().unlock();
  }

  private void publish(Site to) throws InterruptedException {
    to.remove(plan.leftovers());
    stage(to);
    if (plan.latest().isPresent()) {
      to.stageLatest(plan.latest().get().next());
    }
    uploadWheels();
    for (SiteFile file : plan.forSite()) {
      to.reveal(file);
      onSite.add(file.name());
    }
    if (plan.latest().isPresent()) {
      LatestChange change = plan.latest().get();
      to.replaceLatest(change.next(), change.live());
      onSite.add(Site.LATEST);
      console.info("latest.dat is the new one");
    }
  }

  private void stage(Site to) throws InterruptedException {
    List<SiteFile> files = plan.forSite();
    if (files.isEmpty()) {
      return;
    }
    Map<String, Long> sizes =
        files.stream().collect(Collectors.toMap(SiteFile::name, SiteFile::size));
    console.info("sending " + files.size() + " files to " + to);
    try (TransferBars sent = console.bars("sent", sizes);
        TransferBars read = console.bars("verified", sizes)) {
      to.stage(files, sent::at, read::at);
    }
    console.info("they are there, and verified; nobody sees them yet");
  }

  private void uploadWheels() {
    if (upload.isEmpty()) {
      return;
    }
    List<ReleaseFile> wheels = plan.uploads();
    for (ReleaseFile wheel : wheels) {
      console.info(
          "uploading " + wheel.name() + " (" + (onIndex.size() + 1) + " of " + wheels.size() + ")");
      upload(wheel, upload.get());
      onIndex.add(wheel.name());
    }
  }

  private static void upload(ReleaseFile wheel, Upload upload) {
    try {
      upload.twine().upload(wheel, upload.to());
    } catch (HgautoException e) {
      if (!isThere(wheel, upload.index())) {
        throw e;
      }
      LOG.info("the index has {} all the same", wheel.name(), e);
    }
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
  private static void unlockIfPossible(Site to) throws InterruptedException {
    try {
      to.unlock();
    } catch (HgautoException e) {
      LOG.warn("the lock stays", e);
    }
  }

  /** For a person, of a run that has not come to its end. */
  private String publicNow() {
    if (onIndex.isEmpty() && onSite.isEmpty()) {
      return "nothing has become public; what was sent to the site is gone on with by the same"
          + " command";
    }
    return "this has become public: "
        + (onIndex.isEmpty() ? "" : "on the index " + String.join(", ", onIndex))
        + (onIndex.isEmpty() || onSite.isEmpty() ? "" : "; ")
        + (onSite.isEmpty() ? "" : "on the site " + String.join(", ", onSite))
        + "; the same command goes on with the rest";
  }
}
