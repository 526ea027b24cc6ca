package hgauto.suite;

import hgauto.error.HgautoException;
import hgauto.error.MachineLostException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Machines that run tests of a suite as run-tests.py would, with steps of a test's choice in
 * between. Remembers what was done, in its order.
 */
final class FakeMachines implements TestRunners {
  /** Something that happens at a certain moment. */
  @FunctionalInterface
  interface Step {
    void on(int machine) throws InterruptedException;
  }

  private static final Step NOTHING = machine -> {};
  private static final int SECONDS = 20;

  private final List<String> suite;
  private final Set<String> failing;
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  /** What happens before a machine is ready, by its number. */
  final Map<Integer, Step> opening = new HashMap<>();

  /** What happens in the middle of a test, by its name. */
  final Map<String, Step> during = new HashMap<>();

  /** What happens when a machine is ended. */
  Step closing = NOTHING;

  /** What happens when tests are listed. */
  Step listing = NOTHING;

  /** Why no machine gives what run-tests.py has written. */
  Optional<HgautoException> notFetched = Optional.empty();

  /** Instead of its exit code. */
  Map<Integer, Integer> exitCodes = new HashMap<>();

  FakeMachines(Collection<String> suite, Collection<String> failing) {
    this.suite = List.copyOf(suite);
    this.failing = Set.copyOf(failing);
  }

  /** "open 1", "list 1", "run 1 test-a.t test-b.t", "close 1". */
  List<String> done() {
    synchronized (done) {
      return List.copyOf(done);
    }
  }

  /** The tests that were begun, in no order, as often as they were. */
  List<String> begun() {
    return done().stream()
        .filter(what -> what.startsWith("run "))
        .flatMap(what -> List.of(what.split(" ")).stream().skip(2))
        .filter(word -> word.startsWith("test-"))
        .sorted()
        .toList();
  }

  /** Waits until a moment that must come. */
  static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("what was waited for did not come");
    }
  }

  static MachineLostException lost(int machine) {
    return new MachineLostException("lost machine " + machine, "no answer", "", null);
  }

  @Override
  public TestRunner open(int number) throws InterruptedException {
    done.add("open " + number);
    opening.getOrDefault(number, NOTHING).on(number);
    done.add("ready " + number);
    return new Machine(number);
  }

  private final class Machine implements TestRunner {
    private final int number;

    Machine(int number) {
      this.number = number;
    }

    @Override
    public String name() {
      return "machine " + number;
    }

    @Override
    public Optional<String> instanceType() {
      return Optional.of("type-" + number);
    }

    @Override
    public List<String> listTests(List<String> flags) throws InterruptedException {
      done.add("list " + number);
      listing.on(number);
      List<String> named = flags.stream().filter(suite::contains).toList();
      return named.isEmpty() ? suite : named;
    }

    @Override
    public TestRun run(List<String> flags, OutputStream output, Consumer<TestEnd> ended)
        throws InterruptedException {
      done.add("run " + number + " " + String.join(" ", flags));
      List<String> named = flags.stream().filter(suite::contains).toList();
      TestTimes known = TestTimes.NONE;
      Set<String> failed = new TreeSet<>();
      StringBuilder xunit = new StringBuilder();
      List<String> report = new ArrayList<>();
      List<String> tests = named.isEmpty() ? suite : named;
      print(output, "running " + tests.size() + " tests using 1 parallel processes \n");
      for (String test : tests) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        during.getOrDefault(test, NOTHING).on(number);
        boolean fails = failing.contains(test);
        if (fails) {
          failed.add(test);
          print(
              output,
              "\n--- a/%1$s\n+++ a/%1$s.err\n-x\n\nERROR: %1$s output changed\n!".formatted(test));
        } else {
          print(output, ".");
        }
        known = known.plus(test, number);
        xunit.append("<testcase name=\"" + test + "\" time=\"1.0\">");
        xunit.append(fails ? "<failure>x</failure></testcase>" : "</testcase>");
        report.add("\"" + test + "\": {\"result\": \"" + (fails ? "failure" : "success") + "\"}");
        ended.accept(new TestEnd(test, fails ? "failed" : "ok", number));
      }
      print(output, "\n");
      for (String test : failed) {
        print(output, "Failed " + test + ": output changed\n");
      }
      print(output, "# Ran " + tests.size() + " tests, 0 skipped, " + failed.size() + " failed.\n");
      int code = exitCodes.getOrDefault(number, failed.isEmpty() ? 0 : 1);
      if (notFetched.isPresent()) {
        return TestRun.withoutFiles(code, notFetched.get());
      }
      return new TestRun(
          code,
          "<testsuite tests=\"%d\" failures=\"%d\">%s</testsuite>"
              .formatted(tests.size(), failed.size(), xunit),
          "{" + String.join(",", report) + "}",
          known);
    }

    @Override
    public void close() {
      done.add("close " + number);
      try {
        closing.on(number);
      } catch (InterruptedException e) {
        throw new AssertionError("a machine that is being ended is not to be interrupted", e);
      }
    }
  }

  private static void print(OutputStream output, String text) {
    try {
      output.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
