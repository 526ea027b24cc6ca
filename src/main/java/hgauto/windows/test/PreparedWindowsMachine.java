package hgauto.windows.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.machine.Lines;
import hgauto.machine.SshMachine.Part;
import hgauto.machine.Tail;
import hgauto.suite.TestEnd;
import hgauto.suite.TestEvents;
import hgauto.suite.TestListing;
import hgauto.suite.TestRun;
import hgauto.suite.TestRunner;
import hgauto.suite.TestTimes;
import hgauto.windows.WindowsMachine;
import hgauto.windows.WindowsScript;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Windows machine whose {@code C:\hgdev\src} holds what is to be tested. */
final class PreparedWindowsMachine implements TestRunner {
  private static final Logger LOG = LoggerFactory.getLogger(PreparedWindowsMachine.class);

  /** What SFTP gives in one answer. */
  private static final int READ_AT_ONCE = 1 << 15;

  private static final WindowsScript SCRIPT = WindowsScript.named("run-tests.ps1");

  /** The machine keeps the limit by itself; if it does not, this does. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  private final WindowsMachine machine;
  private final TestFolder folder;
  private final WindowsTestSettings settings;

  /** Whether there is something that a person may want to look into. */
  private volatile boolean failed;

  /** The machine is this object's from now on. */
  PreparedWindowsMachine(WindowsMachine machine, TestFolder folder, WindowsTestSettings settings) {
    this.machine = machine;
    this.folder = folder;
    this.settings = settings;
  }

  @Override
  public String name() {
    return machine.toString();
  }

  @Override
  public Optional<String> instanceType() {
    return machine.lease().instanceType();
  }

  @Override
  public List<String> listTests(List<String> flags) throws InterruptedException {
    TestListing listing = new TestListing(name());
    Tail said = new Tail();
    TestEvents events = new TestEvents(test -> {}, line -> say(said, line));
    try {
      return listing.tests(runTests(TestListing.flags(flags), listing.output(), events, said));
    } catch (MachineLostException e) {
      failed = true; // or nobody would be told why it has ended
      throw e;
    }
  }

  /**
   * See {@link TestRunner#run}.
   *
   * @throws hgauto.error.RemoteWorkException if run-tests.py does not end in time
   * @throws EnvironmentException if the machine cannot run it, or the output cannot be written
   */
  @Override
  public TestRun run(List<String> flags, OutputStream output, Consumer<TestEnd> ended)
      throws InterruptedException {
    boolean failedBefore = failed;
    failed = true;
    Tail said = new Tail();
    TestEvents events = new TestEvents(ended, line -> say(said, line));
    int code;
    try {
      code = runTests(flags, output, events, said);
    } catch (MachineLostException e) {
      code = events.verdict().orElseThrow(() -> events.lost(e)); // or it was lost after that
    }
    try {
      TestRun run =
          new TestRun(
              code,
              folder.result("report.xml"),
              folder.result("report.json"),
              TestTimes.parse(folder.result(".testtimes")));
      failed = failedBefore || code != 0;
      return run;
    } catch (MachineLostException | EnvironmentException e) {
      LOG.warn("there are no reports of {}", name(), e);
      return TestRun.withoutFiles(code, e);
    }
  }

  private int runTests(List<String> flags, OutputStream output, TestEvents events, Tail said)
      throws InterruptedException {
    TestFolder.Run run = folder.begin(flags, settings.timeLimit().toSeconds());
    JsonObject values = new JsonObject();
    values.addProperty("python", settings.python().folder());
    values.addProperty("run", run.settings());
    Lines lines = new Lines(events::add);
    TestLog log = new TestLog(output, look(run.events(), lines));
    int code = machine.run(SCRIPT, values, log, settings.timeLimit().plus(GRACE));
    if (Thread.interrupted()) { // while the last events were read
      throw new InterruptedException("interrupted at the end of the tests on " + name());
    }
    return events
        .verdict()
        .orElseThrow(
            () ->
                events
                    .noVerdict(name(), code, settings.timeLimit())
                    .orElseGet(() -> notRun(code, log.tail(), said)));
  }

  private TestLog.Look look(String events, Lines lines) {
    return new TestLog.Look() {
      private long copied;

      @Override
      public void now() throws InterruptedException {
        byte[] more;
        do {
          Part next = new Part(events, copied, READ_AT_ONCE);
          more = machine.ssh().read(List.of(next)).get(0).orElseGet(() -> new byte[0]);
          copied += more.length;
          lines.write(more, 0, more.length);
        } while (more.length == READ_AT_ONCE);
      }
    };
  }

  private static void say(Tail said, String line) {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    said.write(bytes, 0, bytes.length);
  }

  private EnvironmentException notRun(int code, Tail printed, Tail said) {
    return new EnvironmentException(
        "run-tests.py cannot be run on " + name(),
        SCRIPT.name() + " ended with " + code + said.after(":\n") + printed.after(":\n"),
        "Run the command again, with --keep-on-failure to look at the machine then.");
  }

  @Override
  public void close() {
    try (machine) {
      if (!failed) {
        machine.succeeded();
      }
    }
  }
}
