package hgauto.suite;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.error.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several machines that run the tests of one suite, each served by a thread of its own; see {@link
 * Suite}.
 */
final class Shards {
  private static final Logger LOG = LoggerFactory.getLogger(Shards.class);

  private final Machines machines;
  private final int count;
  private final List<String> flags;
  private final TestArguments arguments;
  private final TestTimes times;
  private final ShardStream stream;
  private final Stopwatch stopwatch;

  // All that follows is guarded by this object's lock.

  /** Those that are not over, by the machine's number. */
  private final Map<Integer, Thread> threads = new TreeMap<>();

  /** Machines that will be ready; their threads may be interrupted. */
  private final TreeMap<Integer, Thread> opening = new TreeMap<>();

  /** Machines that list tests, run them, or wait for the list; these threads, too. */
  private final Map<Integer, Thread> working = new TreeMap<>();

  /** Null until the tests are listed. */
  private Worklist worklist;

  private List<String> listed;
  private boolean listing;
  private SuiteProgress progress;
  private final List<ShardRun> runs = new ArrayList<>();
  private final List<HgautoException> losses = new ArrayList<>();

  /** How many machines have been opened in place of lost ones. */
  private int further;

  /** No further machine is to be opened. */
  private boolean over;

  /** What ends everything, or null. */
  private Throwable fatal;

  private boolean everOpened;

  /** Those that have run all that there was for them. */
  private final TreeSet<Integer> well = new TreeSet<>();

  Shards(
      Machines machines,
      int count,
      List<String> flags,
      TestTimes times,
      ShardStream stream,
      Stopwatch stopwatch) {
    this.machines = machines;
    this.count = count;
    this.flags = flags;
    this.arguments = new TestArguments(flags);
    this.times = times;
    this.stream = stream;
    this.stopwatch = stopwatch;
  }

  /** Runs all tests; all machines are ended then, however it ends. */
  SuiteOutcome run() throws InterruptedException {
    try {
      synchronized (this) {
        for (int number = 1; number <= count; number++) {
          begin(number);
        }
        while (!threads.isEmpty()) {
          wait();
        }
      }
    } catch (InterruptedException e) {
      stop();
      awaitEnd();
      throw e;
    }
    return outcome();
  }

  private synchronized void begin(int number) {
    Thread thread = new Thread(() -> serve(number), "machine-" + number);
    thread.setDaemon(true); // who ends this process does not wait for the tests
    threads.put(number, thread);
    opening.put(number, thread);
    thread.start();
  }

  /** The life of a machine. */
  private void serve(int number) {
    try {
      use(number);
    } catch (InterruptedException e) {
      LOG.debug("machine {} is not needed any more", number, e);
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      leave(number);
    }
  }

  private void use(int number) throws InterruptedException {
    Machines.Machine machine;
    try {
      machine = machines.open(number);
    } catch (UsageException e) {
      throw e;
    } catch (HgautoException e) {
      lose(number, "machine " + number, e, List.of());
      return;
    }
    try (machine) {
      TestRunner runner = machine.runner();
      if (!ready(number)) {
        return;
      }
      try {
        list(runner);
      } catch (MachineLostException | EnvironmentException e) {
        lose(number, runner.name(), e, List.of());
        return;
      }
      Optional<List<String>> tests = take(number, true);
      while (tests.isPresent() && run(number, runner, tests.get())) {
        tests = take(number, false);
      }
    }
  }

  /** Whether it is still needed, now that it is ready. */
  private synchronized boolean ready(int number) {
    Thread thread = opening.remove(number);
    if (thread == null) {
      return false;
    }
    everOpened = true;
    working.put(number, thread);
    return true;
  }

  /** Lists the tests and divides them, unless another machine has done so or does. */
  private void list(TestRunner runner) throws InterruptedException {
    synchronized (this) {
      while (listing) {
        wait();
      }
      if (worklist != null) {
        return;
      }
      listing = true;
    }
    try {
      List<String> tests = List.copyOf(new LinkedHashSet<>(runner.listTests(flags)));
      check(runner, tests);
      divide(tests);
    } finally {
      synchronized (this) {
        listing = false;
        notifyAll();
      }
    }
  }

  /** run-tests.py must run these tests and no others when it is given their names. */
  private void check(TestRunner runner, List<String> tests) throws InterruptedException {
    if (arguments.mayNameFolder()
        && runner.listTests(arguments.only(tests)).size() > tests.size()) {
      throw new UsageException(
          "these tests cannot be divided over several machines: " + String.join(" ", flags),
          "a folder of tests is among the arguments for run-tests.py",
          "Name its tests, as with DIR/test-*.t, or use one machine.");
    }
  }

  private void divide(List<String> tests) {
    int parts;
    synchronized (this) {
      listed = tests;
      worklist = new Worklist(tests, opening.size() + working.size(), times);
      progress = new SuiteProgress(tests.size());
      parts = worklist.parts();
      dismiss();
    }
    boolean known = tests.stream().anyMatch(test -> times.expected(test).isPresent());
    stream.tell(
        tests.size()
            + (tests.size() == 1 ? " test, on " : " tests, divided over ")
            + (parts == 1 ? "1 machine" : parts + " machines")
            + (known ? " by what they took before" : ""));
  }

  /** Tests for the machine to run; if there are none, it is done. */
  private synchronized Optional<List<String>> take(int number, boolean ready) {
    Optional<List<String>> part = worklist.take(ready);
    if (part.isEmpty()) {
      working.remove(number);
      well.add(number);
    }
    dismiss();
    return part;
  }

  /** Machines that have nothing to do when they are ready need not become so. */
  private synchronized void dismiss() {
    while (opening.size() > worklist.parts()) {
      opening.pollLastEntry().getValue().interrupt();
    }
  }

  /** Runs tests; whether the machine is still there. */
  private boolean run(int number, TestRunner runner, List<String> tests)
      throws InterruptedException {
    List<TestEnd> ends = new ArrayList<>();
    Set<String> names = Set.copyOf(tests);
    List<String> only = argumentsFor(tests);
    ShardOutput output = stream.open(number, runner.name(), names);
    HgautoException failure = null;
    TestRun come = null;
    ShardRun done;
    boolean moved;
    stopwatch.testsBegin();
    try (output) {
      come = runner.run(only, output, end -> ended(end, names, ends));
    } catch (MachineLostException | EnvironmentException | RemoteWorkException e) {
      failure = e;
    } catch (RuntimeException e) {
      stream.check(); // who cannot write wraps what we have thrown
      throw e;
    } catch (IOException e) {
      LOG.debug("the stream knows", e);
    } finally { // what is known is kept, even if all is being ended
      stopwatch.testsEnd();
      // Where run-tests.py itself did not get on, it would not do so elsewhere.
      moved = failure != null && !(failure instanceof RemoteWorkException);
      synchronized (this) {
        done = new ShardRun(tests, output, new Findings(Optional.ofNullable(come), ends), moved);
        runs.add(done);
      }
    }
    stream.check();
    if (failure != null) {
      lose(number, runner.name(), failure, moved ? done.unfinished() : List.of());
    }
    return failure == null;
  }

  private List<String> argumentsFor(List<String> tests) {
    if (tests.isEmpty()) {
      return flags;
    }
    boolean known = tests.stream().anyMatch(test -> times.expected(test).isPresent());
    return known ? arguments.inOrder(tests) : arguments.only(tests);
  }

  private void ended(TestEnd end, Set<String> tests, List<TestEnd> ends) {
    if (!tests.contains(end.name())) {
      return;
    }
    Optional<String> line;
    synchronized (this) {
      ends.add(end);
      line = progress.add(end);
    }
    line.ifPresent(stream::tell);
  }

  /** The machine is lost, or could not be opened; its tests are moved. */
  private void lose(int number, String name, HgautoException why, List<String> unfinished) {
    LOG.info("{} is lost", name, why);
    int others;
    synchronized (this) {
      boolean opened = working.remove(number) != null;
      if (!opened && opening.remove(number) == null) {
        return; // it was told to end
      }
      losses.add(why);
      others = opening.size() + working.size();
      over |= !opened && further > 0;
      if (worklist != null) {
        worklist.move(unfinished, opening.size(), others);
      }
    }
    stream.lost(name, why, unfinished.size(), others);
  }

  /** The machine is no more; if it was the last and tests wait, there is to be a further one. */
  private void leave(int number) {
    boolean again;
    String what = "another machine is opened";
    synchronized (this) {
      threads.remove(number);
      opening.remove(number);
      working.remove(number);
      again =
          !over
              && everOpened
              && opening.isEmpty()
              && working.isEmpty()
              && further < count
              && isOfUse();
      if (again) {
        what += worklist == null ? "" : " for the tests that are left";
        further++;
        // The same number may mean the same machine, so better not one that was lost.
        int better =
            well.stream().filter(one -> !threads.containsKey(one)).findFirst().orElse(number);
        well.remove(better);
        begin(better);
      }
      notifyAll();
    }
    if (again) {
      stream.tell(what);
    }
  }

  /** Where tests are not listed yet, only a lost connection is no reason to fail once more. */
  private boolean isOfUse() {
    return worklist == null
        ? losses.get(losses.size() - 1) instanceof MachineLostException
        : worklist.parts() > 0;
  }

  private synchronized void fail(Throwable failure) {
    if (fatal == null) {
      fatal = failure;
    }
    stop();
  }

  /** Has all machines ended. Those that are being ended already are left alone. */
  private synchronized void stop() {
    over = true;
    opening.values().forEach(Thread::interrupt);
    working.values().forEach(Thread::interrupt);
    opening.clear();
    working.clear();
  }

  private synchronized void awaitEnd() {
    while (!threads.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        LOG.debug("the machines are being ended already", e);
      }
    }
  }

  private synchronized SuiteOutcome outcome() {
    if (worklist != null && fatal instanceof EnvironmentException failure) {
      return SuiteOutcome.ofSeveral(failure, runs, listed);
    }
    if (fatal instanceof RuntimeException failure) {
      throw failure;
    }
    if (fatal instanceof Error error) {
      throw error;
    }
    if (worklist == null) {
      throw losses.get(0);
    }
    SuiteOutcome outcome = SuiteOutcome.ofSeveral(runs, worklist.tests());
    try {
      stream.end(new SuiteSummary(runs, outcome.withoutVerdict()));
      return outcome;
    } catch (EnvironmentException e) {
      return SuiteOutcome.ofSeveral(e, runs, listed);
    }
  }
}
