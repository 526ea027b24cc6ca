package hgauto.suite;

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
  private final List<Life> lives = new ArrayList<>();
  private LeftoverException leftover;

  Machines(TestRunners runners) {
    this.runners = runners;
  }

  /** From the request for a machine to its end; guarded by the lock of Machines. */
  private static final class Life {
    private final long since = System.nanoTime();
    private Optional<String> type = Optional.empty();
    private Optional<Duration> took = Optional.empty();

    MachineTime time() {
      return new MachineTime(type, took.orElseGet(this::soFar));
    }

    Duration soFar() {
      return Duration.ofNanos(System.nanoTime() - since);
    }
  }

  /** A machine that is there. */
  final class Machine implements AutoCloseable {
    private final TestRunner runner;
    private final Life life;

    private Machine(TestRunner runner, Life life) {
      this.runner = runner;
      this.life = life;
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
        ended(life);
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
    Life life = begun();
    boolean done = false;
    try {
      TestRunner runner = runners.open(number);
      opened(life, runner);
      done = true;
      return new Machine(runner, life);
    } catch (HgautoException | InterruptedException e) {
      note(e);
      throw e;
    } finally {
      if (!done) {
        ended(life);
      }
    }
  }

  /** How long each was there, from the request on; until now where it still is. */
  synchronized List<MachineTime> times() {
    return lives.stream().map(Life::time).toList();
  }

  /** What could not be ended; others are suppressed in it. */
  synchronized Optional<LeftoverException> leftover() {
    return Optional.ofNullable(leftover);
  }

  private synchronized Life begun() {
    Life life = new Life();
    lives.add(life);
    return life;
  }

  private synchronized void opened(Life life, TestRunner runner) {
    life.type = runner.instanceType();
  }

  private synchronized void ended(Life life) {
    life.took = Optional.of(life.soFar());
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
