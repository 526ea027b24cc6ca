package hgauto.linux;

import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs the tests on one machine, or divides them over several. Either way there is one stream, one
 * {@code report.xml}, one {@code report.json} and one exit code.
 */
public final class Suite {
  private final Path folder;

  /**
   * @param folder for the results: the reports and, for several machines, what each has printed, in
   *     {@code machine-1.txt} and so on
   */
  public Suite(Path folder) {
    this.folder = folder;
  }

  /**
   * Runs them to the end and ends all machines.
   *
   * <p>One machine: the flags are left as they are, what run-tests.py prints comes through as it
   * is, and if the machine is lost, so is the run.
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
   * @throws HgautoException what keeps all machines from running tests; for one machine, whatever
   *     goes wrong with it. {@link LeftoverException}s are suppressed in it.
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
    try {
      if (count == 1) {
        return runOnOne(machines, flags, times, output);
      }
      ShardStream stream = new ShardStream(folder, output, told);
      return new Shards(machines, count, flags, times, stream, folder).run();
    } catch (RuntimeException | InterruptedException e) {
      machines.leftover().filter(left -> left != e).ifPresent(e::addSuppressed);
      throw e;
    }
  }

  private SuiteResult runOnOne(
      Machines machines, List<String> flags, TestTimes times, OutputStream output)
      throws InterruptedException {
    long began = System.nanoTime();
    Duration setup;
    Verdicts verdicts = new Verdicts();
    TestRun run;
    try (Machines.Machine machine = machines.open(1)) {
      setup = Duration.ofNanos(System.nanoTime() - began);
      run = machine.runner().run(flags, times, output, verdicts::add);
      SuiteReport.write(folder, run);
    }
    return new SuiteResult(
        run.exitCode(),
        verdicts.passed(),
        verdicts.skipped(),
        verdicts.failed(),
        List.of(),
        run.times(),
        setup,
        machines.lifetimes(),
        machines.leftover());
  }
}
