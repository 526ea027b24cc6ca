package hgauto.suite;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs the tests on one machine, or divides them over several. Either way there is one stream, one
 * {@code report.xml}, one {@code report.json} and one exit code.
 */
public final class Suite {
  private final Path folder;
  private final Stopwatch stopwatch;
  private volatile Optional<Machines> begun = Optional.empty();

  /**
   * @param folder for the results: the reports and, for several machines, what each has printed, in
   *     {@code machine-1.txt} and so on
   * @param stopwatch is told when tests begin and end
   */
  public Suite(Path folder, Stopwatch stopwatch) {
    this.folder = folder;
    this.stopwatch = stopwatch;
  }

  /**
   * Runs them to the end and ends all machines.
   *
   * <p>One machine: the flags are left as they are, what run-tests.py prints comes through as it
   * is, and if the machine is lost, the tests are over; the result has what is known of them until
   * then, and the failure.
   *
   * <p>Several: they are opened at once, and the first that is ready lists the tests, which are
   * divided then ({@link Division}). A machine that is done is ended at once, unless another one
   * was lost, or could not be opened, whose tests wait. Only when no machine is left for these,
   * further ones are opened, {@code count} at most.
   *
   * @param count how many machines, at least 1
   * @param flags for run-tests.py, with names of tests if it is not to be all
   * @param times how long tests took before
   * @param output gets what run-tests.py prints; not closed
   * @param told gets a line now and then about how several machines get on; called by several
   *     threads, one at a time
   * @throws HgautoException what keeps all machines from running tests. {@link LeftoverException}s
   *     are suppressed in it.
   */
  public SuiteResult run(
      TestRunners runners,
      int count,
      List<String> flags,
      TestTimes times,
      OutputStream output,
      Consumer<String> told)
      throws InterruptedException {
    Machines machines = new Machines(runners);
    begun = Optional.of(machines);
    try {
      if (count == 1) {
        SuiteOutcome outcome = runOnOne(machines, flags, output);
        return result(outcome, SuiteReport.write(folder, outcome), times, machines);
      }
      ShardStream stream = new ShardStream(folder, output, told);
      SuiteOutcome outcome = new Shards(machines, count, flags, times, stream, stopwatch).run();
      return result(outcome, SuiteReport.merge(folder, outcome), times, machines);
    } catch (RuntimeException | InterruptedException e) {
      machines.leftover().filter(left -> left != e).ifPresent(e::addSuppressed);
      throw e;
    }
  }

  private SuiteOutcome runOnOne(Machines machines, List<String> flags, OutputStream output)
      throws InterruptedException {
    List<TestEnd> ends = new ArrayList<>();
    try (Machines.Machine machine = machines.open(1)) {
      stopwatch.testsBegin();
      try {
        return SuiteOutcome.ofOne(machine.runner().run(flags, output, ends::add), ends);
      } catch (MachineLostException | EnvironmentException | RemoteWorkException e) {
        return SuiteOutcome.ofOne(e, ends);
      } finally {
        stopwatch.testsEnd();
      }
    }
  }

  /** How long each machine has been there so far; for other threads while the tests run. */
  public List<MachineTime> machineTimes() {
    return begun.map(Machines::times).orElse(List.of());
  }

  /**
   * The verdict stands without reports, too.
   *
   * @param notWritten why some cannot be written
   */
  private SuiteResult result(
      SuiteOutcome outcome,
      List<EnvironmentException> notWritten,
      TestTimes times,
      Machines machines) {
    List<HgautoException> reportsMissing = new ArrayList<>(outcome.notFetched());
    reportsMissing.addAll(notWritten);
    Verdicts verdicts = outcome.verdicts();
    return new SuiteResult(
        outcome.exitCode(),
        verdicts.passed(),
        verdicts.skipped(),
        verdicts.failed(),
        outcome.withoutVerdict(),
        outcome.times(times),
        stopwatch.setup(),
        stopwatch.tests(),
        machines.times(),
        reportsMissing,
        outcome.failure(),
        machines.leftover());
  }
}
