package hgauto.linux;

import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens and ends machines, and knows how long each was there, and what could not be ended. Safe for
 * use by several threads.
 */
final class Machines {
  private final TestRunners runners;
  private final List<MachineTime> times = new ArrayList<>();
  private LeftoverException leftover;

  Machines(TestRunners runners) {
    this.runners = runners;
  }

  /** A machine that is there. */
  final class Machine implements AutoCloseable {
    private final TestRunner runner;
    private final long since;

    private Machine(TestRunner runner, long since) {
      this.runner = runner;
      this.since = since;
    }

    TestRunner runner() {
      return runner;
    }

    /** Ends it, even if the thread is interrupted. What remains is kept for {@link #leftover}. */
    @Override
    public void close() {
      boolean interrupted = Thread.interrupted();
      try {
        runner.close();
      } catch (LeftoverException e) {
        note(e);
      } finally {
        lived(runner.instanceType(), since);
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /**
   * Gets one.
   *
   * @param number see {@link TestRunners#open}
   */
  Machine open(int number) throws InterruptedException {
    long since = System.nanoTime();
    try {
      return new Machine(runners.open(number), since);
    } catch (HgautoException | InterruptedException e) {
      note(e);
      lived(Optional.empty(), since);
      throw e;
    }
  }

  /** How long each was there, from the request on. */
  synchronized List<MachineTime> times() {
    return List.copyOf(times);
  }

  /** What could not be ended; others are suppressed in it. */
  synchronized Optional<LeftoverException> leftover() {
    return Optional.ofNullable(leftover);
  }

  private synchronized void lived(Optional<String> type, long since) {
    times.add(new MachineTime(type, Duration.ofNanos(System.nanoTime() - since)));
  }

  /** Takes note of leftovers in the exception. */
  private synchronized void note(Exception e) {
    if (e instanceof LeftoverException another) {
      if (leftover == null) {
        leftover = another;
      } else {
        leftover.addSuppressed(another);
      }
    }
    for (Throwable suppressed : e.getSuppressed()) {
      if (suppressed instanceof LeftoverException another && leftover != e) {
        note(another);
      }
    }
  }
}
