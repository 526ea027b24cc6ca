package hgauto.tryserver;

import hgauto.state.Reason;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out runs one after the other: the tests of one use every core already. Whatever becomes
 * of a run is on disk when it leaves the queue.
 */
final class RunQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunQueue.class);

  /** Longer than a guard takes to end a job. */
  private static final int CLOSE_SECONDS = 30;

  /** A run that waits or is under way, as far as it has come. */
  private static final class Entry {
    private final RunStore.Claim claim;
    private final RunLog log;
    private volatile Run run;

    Entry(RunStore.Claim claim, RunLog log, Run run) {
      this.claim = claim;
      this.log = log;
      this.run = run;
    }
  }

  private final RunStore store;
  private final TestsJob job;
  private final Pages pages;
  private final Clock clock;
  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
  private boolean closed;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "runs");
            thread.setDaemon(true);
            return thread;
          });

  RunQueue(RunStore store, TestsJob job, Pages pages, Clock clock) {
    this.store = store;
    this.job = job;
    this.pages = pages;
    this.clock = clock;
  }

  /**
   * Queues a run.
   *
   * @param claim the run's; the queue closes it
   * @throws IOException when it cannot be stored, or the queue is closed
   */
  synchronized void add(RunStore.Claim claim, Run run) throws IOException {
    if (closed) {
      throw new IOException("the server is being stopped");
    }
    store.save(run);
    Entry entry = new Entry(claim, new RunLog(store.logFile(run.id())), run);
    entries.put(run.id(), entry);
    worker.execute(() -> carryOut(entry));
  }

  /** The run's log while it is being written. */
  Optional<RunLog> liveLog(long id) {
    return Optional.ofNullable(entries.get(id)).map(entry -> entry.log);
  }

  /** The run's last state; on disk it can be older where the disk is full. */
  Optional<Run> find(long id) {
    Entry entry = entries.get(id);
    return entry == null ? store.find(id) : Optional.of(entry.run);
  }

  /** All runs, newest first. */
  List<Run> list() throws IOException {
    List<Run> runs = new ArrayList<>(store.list());
    runs.replaceAll(
        run -> {
          Entry entry = entries.get(run.id());
          return entry == null ? run : entry.run;
        });
    return runs;
  }

  private void carryOut(Entry entry) {
    Run run = entry.run.started(clock.instant());
    Run ended = run;
    try {
      entry.run = run;
      store.save(run);
      ended = job.run(run, entry.log);
    } catch (IOException e) {
      ended = run.failed(clock.instant(), "the server could not run it: " + Reason.of(e));
    } catch (RuntimeException e) {
      LOG.error("run {} failed by a fault of ours", run.id(), e);
      ended = run.failed(clock.instant(), "a fault of the server: " + e);
    } finally {
      // What is kept now must be written whole, though the server is being stopped.
      boolean interrupted = Thread.interrupted();
      finish(entry, ended);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whoever sees that it has ended finds its log and its page whole. */
  private void finish(Entry entry, Run ended) {
    Run run =
        ended.status().isFinal()
            ? ended
            : ended.failed(clock.instant(), "a fault of the server"); // an Error: no memory, say
    boolean saved = false;
    try {
      if (run.reason() != null) {
        entry.log.note(run.reason());
      }
    } catch (IOException e) {
      LOG.warn("cannot write the log of run {}", run.id(), e);
    }
    try {
      store.save(run);
      store.savePage(
          run.id(),
          pages.run(new RunPage(run, store.tests(run.id()), store.logTail(run.id()), true)));
      saved = true;
    } catch (IOException e) {
      LOG.error("cannot keep the result of run {}", run.id(), e);
    }
    entry.run = run;
    try (RunStore.Claim claim = entry.claim) {
      LOG.info("run {} ended: {}", claim.id(), run.status());
      entry.log.close();
    } catch (IOException e) {
      LOG.warn("cannot close run {}", run.id(), e);
    }
    if (saved) {
      entries.remove(run.id()); // else it is told from memory for as long as we live
    }
  }

  /** Ends the run under way and takes back those that wait. */
  @Override
  public synchronized void close() {
    closed = true;
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.error("the run under way did not end within {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Entry entry : entries.values()) {
      if (entry.run.status() == RunStatus.QUEUED) {
        finish(entry, entry.run.interrupted(clock.instant(), "the server was stopped"));
      }
    }
  }
}
