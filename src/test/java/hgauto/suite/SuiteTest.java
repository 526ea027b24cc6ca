package hgauto.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonParser;
import hgauto.error.EnvironmentException;
import hgauto.error.LeftoverException;
import hgauto.error.RemoteWorkException;
import hgauto.error.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several machines. */
@Timeout(60)
class SuiteTest {
  private static final List<String> TESTS =
      IntStream.rangeClosed(1, 12).mapToObj("test-%02d.t"::formatted).toList();

  @TempDir private Path folder;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong nanos = new AtomicLong();
  private CountDownLatch toldOfLoss = new CountDownLatch(1);
  private FakeMachines machines = new FakeMachines(TESTS, Set.of("test-02.t", "test-11.t"));

  @Test
  void severalMachinesRunEachTestOnceAndItIsAsOnOne() throws Exception {
    CountDownLatch allReady = new CountDownLatch(4);
    for (String test : TESTS) {
      machines.during.put(
          test,
          machine -> {
            allReady.countDown();
            FakeMachines.await(allReady);
          });
    }
    SuiteResult result = run(4);
    assertThat(machines.begun()).isEqualTo(TESTS);
    assertThat(machines.done().stream().filter(what -> what.startsWith("list"))).hasSize(1);
    assertThat(machines.done().stream().filter(what -> what.startsWith("run"))).hasSize(4);
    assertThat(machines.done().stream().filter(what -> what.startsWith("close"))).hasSize(4);
    assertSameAsOnOne(result);
    assertThat(result.machines()).hasSize(4);
    assertThat(result.times().seconds().keySet()).containsExactlyElementsOf(TESTS);
    for (int machine = 1; machine <= 4; machine++) {
      assertThat(folder.resolve("machine-" + machine + ".txt")).content().contains("# Ran 3 tests");
    }
    assertThat(told).contains("12 tests, divided over 4 machines", "12 of 12 tests, 2 failed");
  }

  @Test
  void theyAreDividedByWhatTheyTookAndTheLongestComeFirst() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    for (String test : TESTS) {
      machines.during.put(
          test,
          machine -> {
            both.countDown();
            FakeMachines.await(both);
          });
    }
    TestTimes times = TestTimes.parse("test-01.t 1.0\ntest-02.t 9.0\ntest-03.t 4.0\ntest-04.t 3.0");
    run(2, times, "-v", "test-01.t", "test-02.t", "test-03.t", "test-04.t");
    assertThat(machines.done().stream().filter(what -> what.startsWith("run")))
        .extracting(what -> what.substring("run 1 ".length()))
        .containsExactlyInAnyOrder(
            "--order-by-runtime -v test-02.t",
            "--order-by-runtime -v test-03.t test-04.t test-01.t");
    assertThat(told).contains("4 tests, divided over 2 machines by what they took before");
  }

  @Test
  void aMachineThatIsDoneIsEndedAtOnce() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch both = new CountDownLatch(2);
    machines.closing = machine -> closed.countDown();
    machines.during.put("test-01.t", machine -> meet(both));
    machines.during.put(
        "test-02.t",
        machine -> {
          meet(both);
          FakeMachines.await(closed);
        });
    run(2, "test-01.t", "test-02.t");
    assertThat(machines.begun()).containsExactly("test-01.t", "test-02.t");
  }

  @Test
  void machinesThatAreNotNeededAreEndedBeforeTheyAreReady() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    machines.opening.put(2, machine -> never.await());
    machines.opening.put(3, machine -> never.await());
    SuiteResult result = run(3, "test-01.t");
    assertThat(result.exitCode()).isZero();
    assertThat(machines.begun()).containsExactly("test-01.t");
    assertThat(told).contains("1 test, on 1 machine");
  }

  @Test
  void aMachineThatIsDoneTakesThePartOfOneThatIsNotReady() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    machines.opening.put(2, machine -> never.await());
    assertSameAsOnOne(run(2));
    assertThat(machines.done().stream().filter(what -> what.startsWith("run 1"))).hasSize(2);
  }

  @Test
  void whatComesBeforeAndAfterTheTestsIsNotTheirTime() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    machines.opening.put(1, machine -> nanos.addAndGet(3));
    machines.opening.put(2, machine -> never.await());
    machines.during.put("test-01.t", machine -> nanos.addAndGet(5));
    machines.closing = machine -> nanos.addAndGet(100);
    SuiteResult result = run(2, "test-01.t");
    assertThat(result.setup()).hasNanos(3);
    assertThat(result.tests()).hasNanos(5);
  }

  @Test
  void ifThereAreNoTestsRunTestsPySaysSo() throws Exception {
    machines = new FakeMachines(List.of(), List.of());
    assertThat(run(2, "--nonsense").exitCode()).isZero();
    assertThat(machines.done().stream().filter(what -> what.startsWith("run")))
        .singleElement()
        .asString()
        .endsWith("--nonsense");
    assertThat(printed()).endsWith("# Ran 0 tests, 0 skipped, 0 failed.\n");
  }

  @Test
  void theLargestExitCodeCounts() throws Exception {
    machines.exitCodes.put(2, 80);
    meetingAll(3);
    assertThat(run(3).exitCode()).isEqualTo(80);
  }

  @Test
  void aFolderOfTestsCannotBeDivided() {
    machines = new FakeMachines(List.of("test-01.t", "dir/"), List.of());
    assertThatThrownBy(() -> run(2, "dir/", "x"))
        .isInstanceOf(UsageException.class)
        .hasMessage("these tests cannot be divided over several machines: dir/ x");
  }

  // Lost machines

  @Test
  void theTestsOfAMachineThatIsLostInTheMiddleAreMovedAndItIsAsOnOne() throws Exception {
    // By their number, 1, 5 and 9 are a part.
    AtomicBoolean lost = new AtomicBoolean();
    machines.during.put(
        "test-05.t",
        machine -> {
          if (lost.compareAndSet(false, true)) {
            throw FakeMachines.lost(machine);
          }
        });
    for (String test : TESTS) {
      if (!List.of("test-01.t", "test-05.t", "test-09.t").contains(test)) {
        machines.during.put(test, machine -> FakeMachines.await(toldOfLoss));
      }
    }
    SuiteResult result = run(4);
    assertSameAsOnOne(result);
    assertThat(result.withoutVerdict()).isEmpty();
    assertThat(machines.done().stream().filter(what -> what.startsWith("close"))).hasSize(4);
    assertThat(told)
        .anyMatch(
            line ->
                line.matches(
                    "without machine \\d from now on: lost machine \\d: no answer;"
                        + " tests without a verdict: 2, moved to the others"));
  }

  @Test
  void aMachineThatCannotBeOpenedLeavesItsPartToTheOthers() throws Exception {
    waitingForLoss();
    machines.opening.put(
        3,
        machine -> {
          throw new EnvironmentException("no room for an instance", "capacity", "");
        });
    assertSameAsOnOne(run(3));
    assertThat(machines.done()).doesNotContain("close 3");
    assertThat(told).contains("without machine 3 from now on: no room for an instance: capacity");
  }

  @Test
  void aMachineThatIsLostWhileItListsLeavesThatToTheNext() throws Exception {
    CountDownLatch listing = new CountDownLatch(1);
    machines.opening.put(2, machine -> FakeMachines.await(listing));
    machines.listing =
        machine -> {
          listing.countDown();
          if (machine == 1) {
            throw FakeMachines.lost(machine);
          }
        };
    assertSameAsOnOne(run(2));
    assertThat(machines.done()).contains("list 1", "list 2");
  }

  @Test
  void aMachineThatCannotListLeavesThatToTheNextToo() throws Exception {
    machines.listing =
        machine -> {
          if (machines.done().stream().filter(what -> what.startsWith("list")).count() == 1) {
            throw new EnvironmentException("run-tests.py cannot be run", "no python", "");
          }
        };
    assertSameAsOnOne(run(2));
    assertThat(told).anyMatch(line -> line.endsWith("run-tests.py cannot be run: no python"));
  }

  @Test
  void ifNoneCanListNoFurtherOnesAreOpened() {
    machines.listing =
        machine -> {
          throw new EnvironmentException("cannot pass on the list", "more than 4 MiB", "");
        };
    assertThatThrownBy(() -> run(3)).hasMessage("cannot pass on the list");
    assertThat(machines.done().stream().filter(what -> what.startsWith("open"))).hasSize(3);
    assertThat(told).noneMatch(line -> line.startsWith("another machine"));
  }

  @Test
  void ifAllAreLostBeforeTheyListAFurtherOneDoes() throws Exception {
    AtomicInteger lists = new AtomicInteger();
    machines.listing =
        machine -> {
          if (lists.incrementAndGet() < 3) {
            throw FakeMachines.lost(machine);
          }
        };
    assertSameAsOnOne(run(2));
    assertThat(told).contains("another machine is opened");
  }

  @Test
  void ifTwoOfThreeAreLostTheThirdRunsAll() throws Exception {
    toldOfLoss = new CountDownLatch(2);
    meetingAll(3);
    for (String test : TESTS) {
      FakeMachines.Step meeting = machines.during.get(test);
      machines.during.put(
          test,
          machine -> {
            meeting.on(machine);
            if (machine < 3) {
              throw FakeMachines.lost(machine);
            }
            FakeMachines.await(toldOfLoss);
          });
    }
    SuiteResult result = run(3);
    assertSameAsOnOne(result);
    assertThat(machines.done()).doesNotHaveDuplicates();
  }

  @Test
  void ifAllAreLostAFurtherOneIsOpened() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Set<Integer> lost = Collections.synchronizedSet(new HashSet<>());
    for (String test : TESTS) {
      machines.during.put(
          test,
          machine -> {
            meet(both);
            if (lost.size() < 2 && lost.add(machine)) {
              throw FakeMachines.lost(machine);
            }
          });
    }
    assertSameAsOnOne(run(2));
    assertThat(machines.done().stream().filter(what -> what.startsWith("open"))).hasSize(3);
    assertThat(told).contains("another machine is opened for the tests that are left");
  }

  /** A host that was lost would be lost again. */
  @Test
  void theFurtherOneIsRatherOneThatDidWell() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger lost = new AtomicInteger();
    machines.during.put("test-01.t", machine -> meet(both));
    machines.during.put(
        "test-02.t",
        machine -> {
          meet(both);
          if (lost.compareAndSet(0, machine)) {
            Awaitility.await().until(() -> !isServed(3 - machine));
            throw FakeMachines.lost(machine);
          }
        });
    assertThat(run(2, "test-01.t", "test-02.t").failed()).isEqualTo(1);
    assertThat(machines.done()).endsWith("close " + (3 - lost.get()));
  }

  private static boolean isServed(int machine) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("machine-" + machine));
  }

  @Test
  void noMoreMachinesAreOpenedInAllThanTwiceAsManyAsWereAskedFor() throws Exception {
    for (String test : TESTS) {
      machines.during.put(
          test,
          machine -> {
            throw FakeMachines.lost(machine);
          });
    }
    SuiteResult result = run(2);
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.withoutVerdict()).containsExactlyInAnyOrderElementsOf(TESTS);
    assertThat(machines.done().stream().filter(what -> what.startsWith("open"))).hasSize(4);
    assertThat(machines.done().stream().filter(what -> what.startsWith("close"))).hasSize(4);
    assertThat(printed())
        .contains("No verdict test-01.t: it came to no end\n")
        .endsWith("# Ran 0 tests, 0 skipped, 0 failed.\n");
  }

  @Test
  void ifTheFurtherOneCannotBeOpenedThereIsNoOther() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    AtomicReference<String> first = new AtomicReference<>("");
    FakeMachines.Step open =
        machine -> {
          if (first.get().equals("lost")) {
            throw new EnvironmentException("no room for an instance", "", "");
          }
        };
    machines.opening.put(1, open);
    machines.opening.put(2, open);
    for (String test : TESTS) {
      machines.during.put(
          test,
          machine -> {
            meet(both);
            if (!test.equals("test-01.t")) {
              first.set("lost");
              throw FakeMachines.lost(machine);
            }
          });
    }
    SuiteResult result = run(2);
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.withoutVerdict()).hasSize(11).doesNotContain("test-01.t");
    assertThat(result.passed()).isEqualTo(1);
    assertThat(machines.done().stream().filter(what -> what.startsWith("open"))).hasSize(3);
  }

  @Test
  void ifNoneCanBeOpenedTheFirstFailureIsTold() {
    for (int machine = 1; machine <= 3; machine++) {
      machines.opening.put(
          machine,
          number -> {
            throw new EnvironmentException("no quota", "", "");
          });
    }
    assertThatThrownBy(() -> run(3))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage("no quota");
    assertThat(machines.done()).containsExactlyInAnyOrder("open 1", "open 2", "open 3");
  }

  @Test
  void wrongUsageOnOneEndsAll() {
    CountDownLatch never = new CountDownLatch(1);
    machines.opening.put(1, machine -> never.await());
    machines.opening.put(
        2,
        machine -> {
          throw new UsageException("no such instance type", "", "");
        });
    assertThatThrownBy(() -> run(2)).isInstanceOf(UsageException.class);
  }

  @Test
  void flagsThatRunTestsPyDoesNotTakeEndAll() {
    machines.listing =
        machine -> {
          throw new UsageException("run-tests.py does not take these flags", "no such flag", "");
        };
    assertThatThrownBy(() -> run(3)).isInstanceOf(UsageException.class);
    assertThat(opened()).isEqualTo(closed());
  }

  @Test
  void ifTestsCannotBeListedAllEnds() {
    machines.listing =
        machine -> {
          throw new RemoteWorkException("run-tests.py cannot list the tests", "no such flag", "");
        };
    assertThatThrownBy(() -> run(3)).isInstanceOf(RemoteWorkException.class);
    assertThat(opened()).isEqualTo(closed());
  }

  @Test
  void ifRunTestsPyIsKilledOnOneTheOthersGoOnAndItsTestsAreNotMoved() throws Exception {
    meetingAll(2);
    FakeMachines.Step meeting = machines.during.get("test-01.t");
    machines.during.put(
        "test-01.t",
        machine -> {
          meeting.on(machine);
          throw new RemoteWorkException("run-tests.py was killed", "by signal 9", "");
        });
    SuiteResult result = run(2);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.withoutVerdict()).hasSize(6).contains("test-01.t");
    assertThat(result.passed() + result.failed()).isEqualTo(6);
  }

  @Test
  void whatCouldNotBeEndedIsNotLost() throws Exception {
    meetingAll(3);
    machines.closing =
        machine -> {
          if (machine != 2) {
            throw new LeftoverException("i-" + machine + " runs still", "", "end it", null);
          }
        };
    SuiteResult result = run(3);
    assertSameAsOnOne(result);
    LeftoverException leftover = result.leftover().orElseThrow();
    assertThat(List.of(leftover.what(), leftover.getSuppressed()[0].getMessage()))
        .containsExactlyInAnyOrder("i-1 runs still", "i-3 runs still");
  }

  @Test
  void whatIsLeftOfAMachineThatCouldNotBeOpenedIsNotLostEither() throws Exception {
    LeftoverException leftover = new LeftoverException("i-2 runs still", "", "end it", null);
    machines.opening.put(
        2,
        machine -> {
          throw leftover;
        });
    SuiteResult result = run(2);
    assertSameAsOnOne(result);
    assertThat(result.leftover()).containsSame(leftover);
  }

  @Test
  void anInterruptEndsAllMachinesAndTheTestsOnThem() throws Exception {
    CountDownLatch all = new CountDownLatch(2);
    CountDownLatch never = new CountDownLatch(1);
    machines.opening.put(3, machine -> never.await());
    for (String test : TESTS) {
      machines.during.put(
          test,
          machine -> {
            all.countDown();
            never.await();
          });
    }
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread running = new Thread(() -> thrown.set(catchThrowable(() -> run(3))));
    running.start();
    FakeMachines.await(all);
    running.interrupt();
    running.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(machines.done()).contains("close 1", "close 2");
    assertThat(opened()).isEqualTo(closed());
  }

  @Test
  void aVerdictWithoutFilesStands() throws Exception {
    machines.notFetched = Optional.of(FakeMachines.lost(1));
    meetingAll(2);
    SuiteResult result = run(2);
    assertSameAsOnOne(result);
    assertThat(result.reportsMissing()).hasSize(2);
    assertThat(result.times().seconds().keySet()).containsExactlyElementsOf(TESTS);
  }

  /** All that a run on one machine leaves, but for order and headings. */
  private void assertSameAsOnOne(SuiteResult result) throws IOException {
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.passed()).isEqualTo(10);
    assertThat(result.failed()).isEqualTo(2);
    assertThat(result.withoutVerdict()).isEmpty();
    assertThat(printed()).contains("\n# Ran 12 tests, 0 skipped, 2 failed.\n");
    for (String test : List.of("test-02.t", "test-11.t")) {
      assertThat(printed())
          .containsOnlyOnce(
              "--- a/%1$s\n+++ a/%1$s.err\n-x\nERROR: %1$s output changed\n".formatted(test));
    }
    String xunit = Files.readString(folder.resolve("report.xml"));
    assertThat(xunit).contains("failures=\"2\"").contains("tests=\"12\"");
    for (String test : TESTS) {
      assertThat(xunit).containsOnlyOnce("<testcase name=\"" + test + "\"");
    }
    String report = Files.readString(folder.resolve("report.json"));
    assertThat(JsonParser.parseString(report).getAsJsonObject().keySet())
        .containsExactlyElementsOf(TESTS);
  }

  private void waitingForLoss() {
    for (String test : TESTS) {
      machines.during.put(test, machine -> FakeMachines.await(toldOfLoss));
    }
  }

  /** Nobody gets past the first test before so many machines run tests. */
  private void meetingAll(int number) {
    CountDownLatch all = new CountDownLatch(number);
    Set<Integer> there = Collections.synchronizedSet(new HashSet<>());
    for (String test : TESTS) {
      machines.during.put(
          test,
          machine -> {
            if (there.add(machine)) {
              all.countDown();
            }
            FakeMachines.await(all);
          });
    }
  }

  private static void meet(CountDownLatch latch) throws InterruptedException {
    latch.countDown();
    FakeMachines.await(latch);
  }

  private List<String> opened() {
    return numbers("ready ");
  }

  private List<String> closed() {
    return numbers("close ");
  }

  private List<String> numbers(String what) {
    return machines.done().stream()
        .filter(done -> done.startsWith(what))
        .map(done -> done.substring(what.length()))
        .sorted()
        .toList();
  }

  private String printed() {
    return output.toString(UTF_8);
  }

  private SuiteResult run(int count, String... flags) throws InterruptedException {
    return run(count, TestTimes.NONE, flags);
  }

  private SuiteResult run(int count, TestTimes times, String... flags) throws InterruptedException {
    return new Suite(folder, new Stopwatch(nanos::get))
        .run(machines, count, List.of(flags), times, output, this::told);
  }

  private void told(String line) {
    told.add(line);
    if (line.startsWith("without ")) {
      toldOfLoss.countDown();
    }
  }
}
