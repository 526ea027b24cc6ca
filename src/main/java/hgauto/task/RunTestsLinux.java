package hgauto.task;

import hgauto.aws.Account;
import hgauto.console.Console;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.UsageException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.linux.Filesystem;
import hgauto.linux.HostWorkers;
import hgauto.linux.Preparation;
import hgauto.linux.PythonVersion;
import hgauto.linux.TestSettings;
import hgauto.linux.Workers;
import hgauto.machine.HostKeys;
import hgauto.machine.OpenSshAccess;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import hgauto.process.OnShutdown;
import hgauto.state.ResultsFolder;
import hgauto.state.StateFolder;
import hgauto.suite.Forecast;
import hgauto.suite.MachineTime;
import hgauto.suite.Stopwatch;
import hgauto.suite.Suite;
import hgauto.suite.SuiteResult;
import hgauto.suite.TestFlags;
import hgauto.suite.TestSource;
import hgauto.suite.TestTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Runs Mercurial's tests of one changeset on other Linux machines. */
public final class RunTestsLinux {
  private static final String RUN_TESTS = "tests/run-tests.py";

  /** How many changed files are named. */
  private static final int NAMED = 5;

  private final Console console;
  private final Hg hg;
  private final Account account;
  private final StateFolder state;
  private final Poll poll;

  /**
   * What to test, and where.
   *
   * @param folder in the checkout
   * @param revision names one changeset
   * @param includeUncommitted whether to test what is not committed, too
   * @param flags for run-tests.py
   * @param timeLimit how long the build, and how long the tests may take
   * @param machines to run them on
   */
  public record Request(
      Path folder,
      String revision,
      boolean includeUncommitted,
      TestFlags flags,
      PythonVersion python,
      Filesystem filesystem,
      Duration timeLimit,
      TestMachines machines) {}

  /**
   * What became of it.
   *
   * @param forImage the machine that the image was made on, if it was missing
   */
  record Tested(SuiteResult result, Optional<MachineTime> forImage) {}

  /**
   * @param account is not asked anything unless machines of it are wanted
   * @param state has the key, and gets the results
   */
  public RunTestsLinux(Console console, Hg hg, Account account, StateFolder state, Poll poll) {
    this.console = console;
    this.hg = hg;
    this.account = account;
    this.state = state;
    this.poll = poll;
  }

  /**
   * Carries out the request.
   *
   * @return the exit code; see {@link SuiteResult}
   * @throws HgautoException what has ended the tests before their end, or what could not be ended;
   *     what is known was told before
   */
  public int run(Request request) throws InterruptedException {
    Stopwatch stopwatch = new Stopwatch(System::nanoTime);
    if (request.machines().count() > 1 && request.flags().divide()) {
      throw new UsageException(
          "run-tests.py cannot be given --shard-total and --shard-index for several machines",
          "hgauto divides the tests over them by itself",
          "Leave them out, or name one machine.");
    }
    if (request.machines().count() > 1 && request.flags().repeat()) {
      throw new UsageException(
          "run-tests.py cannot be given --loop and --runs-per-test for several machines",
          "what a lost machine has left could not be told",
          "Leave them out, or name one machine.");
    }
    TestSource source = source(request);
    Path timesFile = state.testTimes().resolve(request.machines().kind() + "-" + request.python());
    Path results = ResultsFolder.create(state.results(), "linux", Instant.now());
    Tested tested;
    try {
      tested = test(request, source, TestTimes.read(timesFile), results, stopwatch);
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
    LinuxTestsReport report =
        LinuxTestsReport.of(source.changeset(), request, tested, results, stopwatch.total());
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

  private void warnOfReports(HgautoException missing) {
    console.warn(
        "the reports are not whole: "
            + missing.what()
            + ": "
            + missing.why()
            + (missing.next().isEmpty() ? "" : ". " + missing.next()));
  }

  private Tested test(
      Request request, TestSource source, TestTimes times, Path results, Stopwatch stopwatch)
      throws InterruptedException {
    Suite suite = new Suite(results, stopwatch);
    if (request.machines() instanceof TestMachines.Hosts hosts) {
      Forecast forecast =
          Forecast.of(request.flags().given(), hosts.count(), times, OptionalInt.empty());
      console.info(forecast.wordsForHosts());
      Workers workers =
          new HostWorkers(
              hosts.addresses(), new HostKeys.KnownHosts(hosts.knownHosts()), key(state.keys()));
      SuiteResult result =
          OnShutdown.during(
              () -> runSuite(request, source, workers, forecast.machines(), times, results, suite),
              () ->
                  interrupted(
                      "what runs on the machines is ended",
                      LinuxTestsReport.linesSoFar(
                          request, suite.machineTimes(), Optional.empty(), stopwatch.total())));
      return new Tested(result, Optional.empty());
    }
    Ec2TestMachines.Ready ready =
        new Ec2TestMachines(console, account, state, poll)
            .ready(
                (TestMachines.Ec2) request.machines(),
                request.filesystem().needsDisk(),
                request.flags().given(),
                times);
    SuiteResult result =
        OnShutdown.during(
            () -> runSuite(request, source, ready.workers(), ready.count(), times, results, suite),
            () ->
                interrupted(
                    "the tests are ended, and so are their machines",
                    LinuxTestsReport.linesSoFar(
                        request, suite.machineTimes(), ready.forImage(), stopwatch.total())));
    return new Tested(result, ready.forImage());
  }

  private void interrupted(String what, List<String> soFar) {
    console.lastWord("interrupted: " + what);
    soFar.forEach(console::lastWord);
  }

  /** All that can be known before a machine is touched. */
  private TestSource source(Request request) {
    Checkout checkout = Checkout.find(request.folder(), hg);
    CompletableFuture<List<String>> uncommitted =
        CompletableFuture.supplyAsync(checkout::uncommitted);
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
    List<String> files = join(uncommitted);
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
      Request request, Checkout checkout, Changeset changeset, List<String> files) {
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

  private static SshKey key(Path folder) {
    return SshKey.in(folder).orElseGet(() -> SshKey.generate().save(folder));
  }

  private SuiteResult runSuite(
      Request request,
      TestSource source,
      Workers workers,
      int count,
      TestTimes times,
      Path results,
      Suite suite)
      throws InterruptedException {
    TestSettings settings =
        new TestSettings(
            request.filesystem(),
            request.python(),
            request.flags(),
            request.timeLimit(),
            times,
            SshKey.file(state.keys()));
    Preparation preparation =
        new Preparation(workers, source, settings, console::info, console::warn);
    try (TestOutput output =
        new TestOutput(console.output(), results.resolve("output.txt"), console::warn)) {
      return suite.run(preparation, count, request.flags().given(), times, output, console::info);
    }
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
