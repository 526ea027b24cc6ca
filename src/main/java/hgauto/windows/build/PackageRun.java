package hgauto.windows.build;

import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.release.Dist;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds packages on one or several machines, each served by a thread of its own. A package that
 * fails does not stop the others; what a lost machine has not brought to its end is built once more
 * by the others, or by a new one.
 */
public final class PackageRun {
  private static final Logger LOG = LoggerFactory.getLogger(PackageRun.class);

  private final BuildMachines machines;
  private final Settings settings;

  // What follows is guarded by this object's lock.

  private final Map<String, Duration> machineTimes = new HashMap<>();
  private final List<LeftoverException> leftovers = new ArrayList<>();
  private final List<Throwable> bugs = new ArrayList<>();

  /**
   * What all packages have in common.
   *
   * @param changeset of the checkout; they are built from it
   * @param dist gets them
   * @param logs a folder that gets a file for each, with what its build prints
   * @param told is given sentences for a person, by several threads
   */
  public record Settings(
      Checkout checkout,
      Changeset changeset,
      Dist dist,
      Path logs,
      InstantSource clock,
      Consumer<String> told) {}

  /**
   * What came of it.
   *
   * @param results one for each package, in the order in which they were given
   * @param machineTimes how long machines were there, from the request for each to its end, all of
   *     one instance type together
   * @param leftovers machines that could not be ended
   * @param bugs faults of ours that are no package's
   */
  public record Outcome(
      List<PackageResult> results,
      Map<String, Duration> machineTimes,
      List<LeftoverException> leftovers,
      List<Throwable> bugs) {}

  /**
   * @param machines gives those that they are built on
   */
  public PackageRun(BuildMachines machines, Settings settings) {
    this.machines = machines;
    this.settings = settings;
  }

  /**
   * Builds them; all machines are ended then, however it ends. To be called once.
   *
   * @param count how many machines, at most
   */
  public Outcome run(List<PackageBuild> builds, int count) throws InterruptedException {
    BuildQueue queue = new BuildQueue(builds);
    int losses;
    int progress;
    int fruitless = 0; // rounds in which machines were lost before they built anything
    do {
      losses = queue.losses();
      progress = queue.progress();
      if (losses > 0) {
        settings.told().accept("a new machine is launched for what lost ones have left");
      }
      round(queue, count);
      if (queue.progress() == progress) {
        fruitless++;
      }
    } while (queue.waiting() > 0 && queue.losses() > losses && fruitless < 2);
    synchronized (this) {
      return new Outcome(
          queue.results(), Map.copyOf(machineTimes), List.copyOf(leftovers), List.copyOf(bugs));
    }
  }

  /** Has machines work until nothing waits, or all of them are lost. */
  private void round(BuildQueue queue, int count) throws InterruptedException {
    int useful = Math.min(count, queue.waiting());
    List<Thread> threads = new ArrayList<>();
    for (int number = 1; number <= useful; number++) {
      int machine = number;
      Thread thread = new Thread(() -> serve(machine, queue), "machine-" + number);
      thread.setDaemon(true); // who ends this process does not wait for the builds
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
      threads.forEach(PackageRun::awaitEnd);
      throw e;
    }
  }

  private static void awaitEnd(Thread thread) {
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        LOG.debug("the machines are being ended already", e);
      }
    }
  }

  /** The life of a machine. */
  private void serve(int number, BuildQueue queue) {
    Instant begin = settings.clock().instant();
    String type = machines.type();
    try (BuildMachine machine = machines.open(number)) {
      type = machine.type();
      machine.push(settings.checkout(), settings.changeset());
      if (new MachineWork(machine, queue, settings).run()) {
        machine.succeeded();
      }
    } catch (InterruptedException e) {
      LOG.debug("machine {} is not needed any more", number, e);
      note(e);
    } catch (LeftoverException e) {
      queue.missMachine(e);
      note(e);
    } catch (HgautoException e) {
      queue.missMachine(e);
      note(e);
      settings.told().accept("machine " + number + " builds nothing: " + e.what() + ": " + e.why());
    } catch (RuntimeException | Error e) {
      queue.missMachine(e);
      note(e);
      bug(e);
    } finally {
      lived(type, Duration.between(begin, settings.clock().instant()));
    }
  }

  /** Takes note of what could not be ended. */
  private synchronized void note(Throwable e) {
    if (e instanceof LeftoverException leftover) {
      leftovers.add(leftover);
    }
    for (Throwable suppressed : e.getSuppressed()) {
      note(suppressed);
    }
  }

  private synchronized void bug(Throwable e) {
    bugs.add(e);
  }

  private synchronized void lived(String type, Duration time) {
    machineTimes.merge(type, time, Duration::plus);
  }
}
