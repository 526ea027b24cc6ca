package hgauto.linux;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.error.UsageException;
import hgauto.machine.BoundedOutput;
import hgauto.machine.Command;
import hgauto.machine.Lines;
import hgauto.machine.Tail;
import hgauto.suite.TestEnd;
import hgauto.suite.TestEvents;
import hgauto.suite.TestRun;
import hgauto.suite.TestRunner;
import hgauto.suite.TestTimes;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A machine whose {@code /hgwork/src} holds what is to be tested, built. */
final class PreparedMachine implements TestRunner {
  private static final Logger LOG = LoggerFactory.getLogger(PreparedMachine.class);

  private static final String SCRIPT = "run-tests.sh";
  private static final Pattern TEST = Pattern.compile("test-\\S+");

  /** The machine keeps the limit by itself; if it does not, this does. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /** How many tests are named that were running when all ended. */
  private static final int NAMED = 5;

  /** In bytes, of a thousand names or so; a changeset may print anything instead. */
  private static final int LONGEST_LIST = 4 << 20;

  /** What run-tests.py ends with when it does not know a flag. */
  private static final int USAGE = 2;

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
    BoundedOutput out = new BoundedOutput(LONGEST_LIST);
    List<String> listing = Stream.concat(Stream.of("--list-tests"), flags.stream()).toList();
    Complaint complaint = new Complaint();
    TestEvents events = new TestEvents(test -> {}, complaint::add);
    int code = runTests(listing, out, events, complaint);
    if (code == USAGE) {
      throw new UsageException(
          "run-tests.py does not take these flags", end(out).after(""), "Mend the flags after --.");
    }
    if (code != 0) {
      throw new RemoteWorkException(
          "run-tests.py cannot list the tests on " + name(),
          "exit code " + code + end(out).after(":\n"),
          "Look what tests/run-tests.py --list-tests says in your checkout.");
    }
    return new String(out.bytes(), StandardCharsets.UTF_8)
        .lines()
        .filter(TEST.asMatchPredicate())
        .toList();
  }

  private static Tail end(BoundedOutput out) {
    Tail tail = new Tail();
    tail.write(out.bytes(), 0, out.bytes().length);
    return tail;
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
      code = events.verdict().orElseThrow(() -> lost(e, events)); // or it was lost after that
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
        Command.bash(SCRIPT, Resources.text(SCRIPT), arguments).guarded(WorkFolder.PYTHON);
    Lines lines = new Lines(events::add);
    int code = worker.ssh().run(command, output, lines, settings.timeLimit().plus(GRACE));
    lines.close(); // of a machine that is lost, the last line may be half of one
    return events.verdict().orElseThrow(() -> noVerdict(events, complaint, code));
  }

  private static MachineLostException lost(MachineLostException e, TestEvents events) {
    return new MachineLostException(e.what(), e.why() + running(events), e.next(), e);
  }

  private HgautoException noVerdict(TestEvents events, Complaint complaint, int code) {
    if (events.limitReached()) {
      return new RemoteWorkException(
          "the tests did not end on " + name(),
          "they were ended at the time limit of "
              + settings.timeLimit().toSeconds()
              + " s"
              + running(events),
          "Run fewer, or give them longer with --time-limit.");
    }
    // What kills it by its name kills the script as well, which has its name in it.
    int ended = events.exitCode().orElse(events.begun() ? code : 0);
    if (ended > TestEvents.SIGNAL) {
      return new RemoteWorkException(
          "run-tests.py was killed on " + name(),
          "by signal " + (ended - TestEvents.SIGNAL) + running(events),
          "Look whether its memory was full; fewer tests at once need less (-- -j4).");
    }
    return complaint.about("run-tests.py cannot be run on " + name(), code);
  }

  /** Goes on with a sentence: what was running may be what did not end, or took the memory. */
  private static String running(TestEvents events) {
    List<String> tests = events.running();
    if (tests.isEmpty()) {
      return "";
    }
    int more = tests.size() - NAMED;
    return "; "
        + String.join(", ", tests.subList(0, Math.min(NAMED, tests.size())))
        + (more > 0 ? " and " + more + " more" : "")
        + (tests.size() == 1 ? " was running" : " were running");
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
