package hgauto.tryserver;

import hgauto.aws.SignatureCheck;
import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes submissions in, one at a time. */
final class Submissions {
  private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

  /** Later nobody can repeat a signature. */
  private static final Duration REPEATABLE = SignatureCheck.GOOD_FOR.plusMinutes(1);

  private final RunStore store;
  private final ServerClone clone;
  private final RunQueue queue;
  private final int keepRuns;
  private final Clock clock;

  /**
   * @param keepRuns how many finished runs are kept
   */
  Submissions(RunStore store, ServerClone clone, RunQueue queue, int keepRuns, Clock clock) {
    this.store = store;
    this.clone = clone;
    this.queue = queue;
    this.keepRuns = keepRuns;
    this.clock = clock;
  }

  /**
   * Checks that the bundle applies and queues a run.
   *
   * @param signature of the request; one that was seen before is answered with its run
   * @throws RejectedException when the submission is not what it should be
   * @throws IOException when the run cannot be stored
   */
  synchronized Run accept(Submission submission, String signature)
      throws RejectedException, IOException {
    Optional<Run> before = store.submittedWith(signature, clock.instant().minus(REPEATABLE));
    if (before.isPresent()) {
      LOG.info("the signature of run {} again", before.get().id());
      return before.get();
    }
    Optional<String> stale = refreshClone();
    RunStore.Claim claim = store.create();
    boolean queued = false;
    try {
      Path bundle = store.folder(claim.id()).resolve("bundle.hg");
      Files.write(bundle, submission.bundle());
      add(bundle, submission.node(), stale);
      Files.delete(bundle);
      store.saveSignature(claim.id(), signature);
      Run run = Run.submitted(claim.id(), submission, clock.instant());
      queue.add(claim, run);
      queued = true;
      prune();
      return run;
    } finally {
      if (!queued) {
        claim.close();
        store.delete(claim.id());
      }
    }
  }

  private void prune() {
    try {
      store.prune(keepRuns, clock.instant().minus(REPEATABLE));
    } catch (IOException e) {
      LOG.warn("cannot remove old runs", e);
    }
  }

  private void add(Path bundle, String node, Optional<String> stale) throws RejectedException {
    try {
      clone.add(bundle, node);
    } catch (RejectedException e) {
      throw stale.isEmpty()
          ? e
          : new RejectedException(
              e.getMessage() + "; and this server could not bring it up to date: " + stale.get());
    }
  }

  /** Returns why it failed, if it did; with what it has the clone can still be good enough. */
  private Optional<String> refreshClone() throws IOException {
    try {
      clone.refresh();
      return Optional.empty();
    } catch (EnvironmentException e) {
      LOG.warn("{}: {}", e.what(), e.why(), e);
      return Optional.of(e.why());
    }
  }
}
