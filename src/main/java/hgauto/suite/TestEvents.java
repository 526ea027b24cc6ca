package hgauto.suite;

import hgauto.error.HgautoException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.resource.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is told of tests while they run: by {@code hgauto_test_result.py}, and what ends them. */
public final class TestEvents {
  private static final Logger LOG = LoggerFactory.getLogger(TestEvents.class);

  /** The file that it is to be in, beside run-tests.py or on its path. */
  public static final String TELLER = "hgauto_test_result.py";

  private static final Pattern BEGIN_OF_TEST = Pattern.compile("([^\\t]+)\\tbegun");
  private static final Pattern END_OF_TEST =
      Pattern.compile("([^\\t]+)\\t(ok|failed|skipped|ignored)\\t([0-9]{1,9}\\.[0-9]{3})");
  private static final Pattern END = Pattern.compile("end\\t([0-9]{1,3})");
  private static final Pattern CRASH = Pattern.compile("crashed\\t(-?[0-9]{1,10})");

  /** Beyond 128 the exit code of a program tells the signal that ended it. */
  private static final int SIGNAL = 128;

  /** Linux has no other ones; 255 is what run-tests.py ends with by itself. */
  private static final int LAST_SIGNAL = 64;

  /** How many tests are named that were running when all ended. */
  private static final int NAMED = 5;

  private final Consumer<TestEnd> ended;
  private final Consumer<String> said;

  /** In the order in which they began; a test that runs several times at once is there so often. */
  private final List<String> running = new ArrayList<>();

  private volatile boolean begun;
  private volatile OptionalInt exitCode = OptionalInt.empty();
  private volatile Optional<String> crash = Optional.empty();
  private volatile boolean limitReached;

  /**
   * @param ended is told each test as it ends
   * @param said is given each line that tells of no test
   */
  public TestEvents(Consumer<TestEnd> ended, Consumer<String> said) {
    this.ended = ended;
    this.said = said;
  }

  /** The text of {@code hgauto_test_result.py}, which tells of them. */
  public static String teller() {
    return Resource.text(TestEvents.class, TELLER);
  }

  /** Takes in a line. */
  public void add(String line) {
    Matcher begin = BEGIN_OF_TEST.matcher(line);
    Matcher test = END_OF_TEST.matcher(line);
    Matcher end = END.matcher(line);
    Matcher crashed = CRASH.matcher(line);
    if (begin.matches()) {
      if (!begun) {
        LOG.debug("the first test begins: {}", begin.group(1)); // scripts/bench ready looks for it
      }
      begun = true;
      synchronized (running) {
        running.add(begin.group(1));
      }
    } else if (test.matches()) {
      synchronized (running) {
        running.remove(test.group(1));
      }
      ended.accept(new TestEnd(test.group(1), test.group(2), Double.parseDouble(test.group(3))));
    } else if (end.matches()) {
      exitCode = OptionalInt.of(Integer.parseInt(end.group(1)));
    } else if (crashed.matches()) {
      crash = Optional.of(crashed.group(1));
    } else if (line.equals("limit")) {
      limitReached = true;
    } else {
      said.accept(line);
    }
  }

  /** Of run-tests.py; empty if it did not come to its end. */
  public OptionalInt exitCode() {
    return exitCode;
  }

  /** The same, unless a signal has ended it. */
  public OptionalInt verdict() {
    return isSignal(exitCode.orElse(0)) ? OptionalInt.empty() : exitCode;
  }

  private static boolean isSignal(int code) {
    return code > SIGNAL && code <= SIGNAL + LAST_SIGNAL;
  }

  /** Whether it was ended because its time was over. */
  public boolean limitReached() {
    return limitReached;
  }

  /** Whether a test has begun. */
  public boolean begun() {
    return begun;
  }

  /** The tests that have begun and not ended; those that run longest come first. */
  public List<String> running() {
    synchronized (running) {
      return List.copyOf(running);
    }
  }

  /** The same failure, with the tests that were running. */
  public MachineLostException lost(MachineLostException e) {
    return new MachineLostException(e.what(), e.why() + wereRunning(), e.next(), e);
  }

  /**
   * Why there is no {@link #verdict}, if it is the tests' fault.
   *
   * @param machine its name, for people
   * @param code what the script around run-tests.py ended with
   * @param limit how long it was given
   * @return empty if run-tests.py could not be run at all
   */
  public Optional<HgautoException> noVerdict(String machine, int code, Duration limit) {
    if (limitReached) {
      return Optional.of(
          new RemoteWorkException(
              "the tests did not end on " + machine,
              "they were ended at the time limit of " + limit.toSeconds() + " s" + wereRunning(),
              "Run fewer, or give them longer with --time-limit."));
    }
    if (crash.isPresent()) {
      return Optional.of(
          new RemoteWorkException(
              "run-tests.py crashed on " + machine,
              "it ended with " + crash.get() + wereRunning(),
              "Look at the end of what it printed; Windows' codes have names (NTSTATUS)."));
    }
    // What kills it by its name kills the script as well, which has its name in it.
    int ended = exitCode.orElse(begun ? code : 0);
    if (isSignal(ended)) {
      return Optional.of(
          new RemoteWorkException(
              "run-tests.py was killed on " + machine,
              "by signal " + (ended - SIGNAL) + wereRunning(),
              "Look whether its memory was full; fewer tests at once need less (-- -j4)."));
    }
    return Optional.empty();
  }

  /** Goes on with a sentence: what was running may be what did not end, or took the memory. */
  private String wereRunning() {
    List<String> tests = running();
    if (tests.isEmpty()) {
      return "";
    }
    int more = tests.size() - NAMED;
    return "; "
        + String.join(", ", tests.subList(0, Math.min(NAMED, tests.size())))
        + (more > 0 ? " and " + more + " more" : "")
        + (tests.size() == 1 ? " was running" : " were running");
  }
}
