package hgauto.linux;

import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.machine.Command;
import hgauto.machine.Lines;
import hgauto.resource.Resource;
import hgauto.suite.TestEnd;
import hgauto.suite.TestEvents;
import hgauto.suite.TestListing;
import hgauto.suite.TestRun;
import hgauto.suite.TestRunner;
import hgauto.suite.TestTimes;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A machine whose {@code /hgwork/src} holds what is to be tested, built. */
final class PreparedMachine implements TestRunner {
  private static final Logger LOG = LoggerFactory.getLogger(PreparedMachine.class);

  private static final String SCRIPT = "run-tests.sh";

  /** The machine keeps the limit by itself; if it does not, this does. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final Worker worker;
  private final WorkFolder folder;
  private final TestSettings settings;
  private final Consumer<String> warned;

  /** Whether there is something that a person may want to look into. */
  private volatile boolean failed;

  /**
   * The worker and the folder are this object's from now on.
   *
   * @param warned is told what else may be the reason that tests have failed
   */
  PreparedMachine(
      Worker worker, WorkFolder folder, TestSettings settings, Consumer<String> warned) {
    this.worker = worker;
    this.folder = folder;
    this.settings = settings;
    this.warned = warned;
  }

  @Override
  public String name() {
    return worker.name();
  }

  @Override
  public Optional<String> instanceType() {
    return worker.instanceType();
  }

  @Override
  public List<String> listTests(List<String> flags) throws InterruptedException {
    TestListing listing = new TestListing(name());
    Complaint complaint = new Complaint();
    TestEvents events = new TestEvents(test -> {}, complaint::add);
    try {
      return listing.tests(runTests(TestListing.flags(flags), listing.output(), events, complaint));
    } catch (MachineLostException e) {
      failed = true; // or nobody would be told why it has ended
      throw e;
    }
  }

  /**
   * See {@link TestRunner#run}.
   *
   * @throws RemoteWorkException if run-tests.py is killed, or does not end in time
   * @throws EnvironmentException if the machine cannot run it, or the output cannot be written
   */
  @Override
  public TestRun run(List<String> flags, OutputStream output, Consumer<TestEnd> ended)
      throws InterruptedException {
    boolean failedBefore = failed;
    failed = true;
    Complaint complaint = new Complaint();
    TestEvents events = new TestEvents(ended, complaint::add);
    int code;
    try {
      code = runTests(flags, output, events, complaint);
    } catch (MachineLostException e) {
      code = events.verdict().orElseThrow(() -> events.lost(e)); // or it was lost after that
    }
    folder.checkHeld();
    try {
      ResultFiles files = ResultFiles.fetch(worker);
      failed = failedBefore || code != 0;
      if (code != 0 && files.full()) {
        warned.accept(
            String.format(
                Locale.ROOT,
                "/hgwork on %s is full: %d of %d bytes are free; what failed may have failed for"
                    + " that",
                name(),
                files.free(),
                files.size()));
      }
      return new TestRun(code, files.xunit(), files.report(), TestTimes.parse(files.testTimes()));
    } catch (MachineLostException | EnvironmentException e) {
      LOG.warn("there are no reports of {}", name(), e);
      return TestRun.withoutFiles(code, e);
    }
  }

  private int runTests(
      List<String> flags, OutputStream output, TestEvents events, Complaint complaint)
      throws InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                settings.python().path(),
                Long.toString(settings.timeLimit().toSeconds()),
                TestEvents.teller(),
                settings.flags().choosesHg() ? "" : "--local"));
    arguments.addAll(flags);
    Command command =
        Command.bash(SCRIPT, Resource.text(PreparedMachine.class, SCRIPT), arguments)
            .guarded(WorkFolder.PYTHON);
    Lines lines = new Lines(events::add);
    int code = worker.ssh().run(command, output, lines, settings.timeLimit().plus(GRACE));
    lines.close(); // of a machine that is lost, the last line may be half of one
    return events
        .verdict()
        .orElseThrow(
            () ->
                events
                    .noVerdict(name(), code, settings.timeLimit())
                    .orElseGet(
                        () -> complaint.about("run-tests.py cannot be run on " + name(), code)));
  }

  @Override
  public void close() {
    try (worker) {
      folder.close();
      if (!failed) {
        worker.succeeded();
      }
    }
  }
}
