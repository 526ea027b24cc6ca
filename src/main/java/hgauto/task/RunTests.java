package hgauto.task;

import hgauto.aws.Parallel;
import hgauto.console.Console;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.UsageException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.machine.OpenSshAccess;
import hgauto.process.OnShutdown;
import hgauto.state.ResultsFolder;
import hgauto.state.StateFolder;
import hgauto.suite.MachineTime;
import hgauto.suite.Stopwatch;
import hgauto.suite.Suite;
import hgauto.suite.SuiteResult;
import hgauto.suite.TestFlags;
import hgauto.suite.TestRunners;
import hgauto.suite.TestSource;
import hgauto.suite.TestTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/** Runs Mercurial's tests of one changeset on other machines, of whatever kind. */
final class RunTests {
  private static final String RUN_TESTS = "tests/run-tests.py";

  /** How many changed files are named. */
  private static final int NAMED = 5;

  private final Console console;
  private final Hg hg;
  private final StateFolder state;

  /** What to run them on. */
  interface Machines {
    /** Linux or Windows, in the name of the folder with the results. */
    String system();

    /** How many are asked for. */
    int count();

    /** Whose test times are like each other's: the name of a file. */
    String timesName();

    /** In the report. */
    TestsReport.Place place();

    /** Gets ready to open them, and says what that will take and cost. */
    Ready ready(TestSource source, TestTimes times) throws InterruptedException;

    /**
     * What they have cost, in US dollars; empty where that is not known, or nobody's business.
     *
     * @param forImage one on which an image was made
     */
    Optional<Double> dollars(List<MachineTime> machines, Optional<MachineTime> forImage);
  }

  /**
   * Machines that are not opened yet.
   *
   * @param count how many are of use
   * @param forImage the machine that their image was made on, if it was missing
   * @param whenInterrupted says what becomes of them
   */
  record Ready(
      TestRunners runners, int count, Optional<MachineTime> forImage, String whenInterrupted) {}

  private record Tested(SuiteResult result, Optional<MachineTime> forImage) {}

  /**
   * @param state gets the results
   */
  RunTests(Console console, Hg hg, StateFolder state) {
    this.console = console;
    this.hg = hg;
    this.state = state;
  }

  /**
   * Carries out the request.
   *
   * @return the exit code; see {@link SuiteResult}
   * @throws HgautoException what has ended the tests before their end, or what could not be ended;
   *     what is known was told before
   */
  int run(TestsRequest request, Machines machines) throws InterruptedException {
    Stopwatch stopwatch = new Stopwatch(System::nanoTime);
    refuseWhatOneAloneCanDo(request.flags(), machines.count());
    TestSource source = source(request);
    Path timesFile = state.testTimes().resolve(machines.timesName());
    Path results = ResultsFolder.create(state.results(), machines.system(), Instant.now());
    Tested tested;
    try {
      tested = test(request, machines, source, TestTimes.read(timesFile), results, stopwatch);
    } finally {
      ResultsFolder.removeIfEmpty(results);
    }
    SuiteResult result = tested.result();
    try {
      result.times().write(timesFile);
    } catch (EnvironmentException e) { // the verdict stands
      console.warn(e.what() + ": " + e.why());
    }
    result.reportsMissing().forEach(this::warnOfReports);
    TestsReport report =
        TestsReport.of(
            source.changeset(),
            request.flags(),
            machines.place(),
            result,
            machines.dollars(result.machines(), tested.forImage()),
            results,
            stopwatch.total());
    report.lines().forEach(console::info);
    console.json(report);
    if (result.failure().isPresent()) {
      result.leftover().ifPresent(result.failure().get()::addSuppressed);
      throw result.failure().get();
    }
    if (result.leftover().isPresent()) {
      throw result.leftover().get();
    }
    return result.exitCode();
  }

  private static void refuseWhatOneAloneCanDo(TestFlags flags, int machines) {
    if (machines > 1 && flags.divide()) {
      throw new UsageException(
          "run-tests.py cannot be given --shard-total and --shard-index for several machines",
          "hgauto divides the tests over them by itself",
          "Leave them out, or name one machine.");
    }
    if (machines > 1 && flags.repeat()) {
      throw new UsageException(
          "run-tests.py cannot be given --loop and --runs-per-test for several machines",
          "what a lost machine has left could not be told",
          "Leave them out, or name one machine.");
    }
  }

  private void warnOfReports(HgautoException missing) {
    console.warn(
        "the reports are not whole: "
            + missing.what()
            + ": "
            + missing.why()
            + (missing.next().isEmpty() ? "" : ". " + missing.next()));
  }

  private Tested test(
      TestsRequest request,
      Machines machines,
      TestSource source,
      TestTimes times,
      Path results,
      Stopwatch stopwatch)
      throws InterruptedException {
    Ready ready = machines.ready(source, times);
    Suite suite = new Suite(results, stopwatch);
    SuiteResult result =
        OnShutdown.during(
            () -> runSuite(suite, ready, request.flags(), times, results),
            () -> {
              console.lastWord("interrupted: " + ready.whenInterrupted());
              soFar(machines, suite, ready, stopwatch.total()).forEach(console::lastWord);
            });
    return new Tested(result, ready.forImage());
  }

  private static List<String> soFar(Machines machines, Suite suite, Ready ready, Duration total) {
    return TestsReport.linesSoFar(
        machines.dollars(suite.machineTimes(), ready.forImage()), machines.place().spot(), total);
  }

  private SuiteResult runSuite(
      Suite suite, Ready ready, TestFlags flags, TestTimes times, Path results)
      throws InterruptedException {
    try (TestOutput output =
        new TestOutput(console.output(), results.resolve("output.txt"), console::warn)) {
      return suite.run(ready.runners(), ready.count(), flags.given(), times, output, console::info);
    }
  }

  /** All that can be known before a machine is touched. */
  private TestSource source(TestsRequest request) throws InterruptedException {
    Checkout checkout = Checkout.find(request.folder(), hg);
    Future<List<String>> uncommitted = Parallel.start(checkout::uncommitted);
    OpenSshAccess.requireSsh();
    Changeset changeset = checkout.resolve(request.revision());
    Checkout.refuseSecret(changeset);
    String runTests =
        checkout
            .file(changeset, RUN_TESTS)
            .orElseThrow(
                () ->
                    new UsageException(
                        "changeset " + changeset.shortNode() + " has no " + RUN_TESTS,
                        "it is not one of Mercurial's",
                        "Name another one with --rev, or another checkout with --repository."));
    List<String> files = Parallel.get(uncommitted);
    if (!request.includeUncommitted() || !files.contains(RUN_TESTS)) { // else it may have others
      request.flags().refuseUnknown(runTests);
    }
    checkout
        .unfinished(!files.isEmpty())
        .ifPresent(
            what ->
                console.warn(
                    what
                        + " is under way here; changeset "
                        + changeset.shortNode()
                        + " is tested as it is"));
    Optional<byte[]> patch = patch(request, checkout, changeset, files);
    console.info("testing " + changeset.shortNode() + ": " + changeset.title());
    return new TestSource(checkout, changeset, patch);
  }

  private Optional<byte[]> patch(
      TestsRequest request, Checkout checkout, Changeset changeset, List<String> files) {
    if (files.isEmpty()) {
      return Optional.empty();
    }
    int more = files.size() - NAMED;
    String names =
        String.join(", ", files.subList(0, Math.min(NAMED, files.size())))
            + (more > 0 ? " and " + more + " more" : "");
    if (!request.includeUncommitted()) {
      console.warn("uncommitted changes are not tested (--include-uncommitted): " + names);
      return Optional.empty();
    }
    byte[] patch = checkout.uncommittedPatch(changeset);
    if (patch.length == 0) {
      console.warn("nothing uncommitted can be sent; not there, but not removed either: " + names);
      return Optional.empty();
    }
    console.info("with uncommitted changes: " + names);
    return Optional.of(patch);
  }
}
