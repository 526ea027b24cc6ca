package hgauto.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One machine. */
@Timeout(60)
class SuiteOnOneTest {
  private static final List<String> TESTS = List.of("test-01.t", "test-02.t", "test-03.t");

  @TempDir private Path folder;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();
  private final Stopwatch stopwatch = new Stopwatch(nanos::get);
  private final FakeMachines machines = new FakeMachines(TESTS, Set.of("test-02.t"));

  @Test
  void theFlagsAreAsTheyWereGivenAndTheOutputComesThrough() throws Exception {
    SuiteResult result = run("-j4", "test-01.t", "test-02.t", "-k", "x");
    assertThat(machines.done())
        .containsExactly("open 1", "ready 1", "run 1 -j4 test-01.t test-02.t -k x", "close 1");
    assertThat(output.toString(UTF_8))
        .isEqualTo(
            """
            running 2 tests using 1 parallel processes\s
            .
            --- a/test-02.t
            +++ a/test-02.t.err
            -x

            ERROR: test-02.t output changed
            !
            Failed test-02.t: output changed
            # Ran 2 tests, 0 skipped, 1 failed.
            """);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.passed()).isEqualTo(1);
    assertThat(result.failed()).isEqualTo(1);
    assertThat(result.times().format()).isEqualTo("test-01.t 1.000\ntest-02.t 1.000\n");
    assertThat(result.machines())
        .extracting(MachineTime::type)
        .containsExactly(Optional.of("type-1"));
    assertThat(folder.resolve("report.xml")).content().startsWith("<testsuite tests=\"2\"");
    assertThat(folder.resolve("report.json")).content().startsWith("{\"test-01.t\"");
  }

  @Test
  void whatIsKnownWhenTheMachineIsLostIsKept() throws Exception {
    MachineLostException lost = FakeMachines.lost(1);
    failIn("test-03.t", lost);
    SuiteResult result = run();
    assertThat(result.failure()).containsSame(lost);
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.passed()).isEqualTo(1);
    assertThat(result.failed()).isEqualTo(1);
    assertThat(result.times().format()).isEqualTo("test-01.t 1.000\ntest-02.t 1.000\n");
    assertReportsAreMadeUp();
    assertThat(output.toString(UTF_8)).endsWith("ERROR: test-02.t output changed\n!");
    assertThat(machines.done()).endsWith("close 1").doesNotContain("open 2");
  }

  @Test
  void whatIsKnownWhenTheTimeIsUpIsKept() throws Exception {
    RemoteWorkException limit = new RemoteWorkException("the tests did not end", "limit", "");
    failIn("test-03.t", limit);
    SuiteResult result = run();
    assertThat(result.failure()).containsSame(limit);
    assertThat(result.exitCode()).isEqualTo(1);
    assertReportsAreMadeUp();
  }

  @Test
  void ifNothingIsKnownThereAreNoReports() throws Exception {
    failIn("test-01.t", FakeMachines.lost(1));
    assertThat(run().exitCode()).isEqualTo(3);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aVerdictWithoutFilesStands() throws Exception {
    HgautoException why = FakeMachines.lost(1);
    machines.notFetched = Optional.of(why);
    machines.exitCodes.put(1, 80);
    SuiteResult result = run("test-01.t", "test-02.t");
    assertThat(result.exitCode()).isEqualTo(80);
    assertThat(result.failure()).isEmpty();
    assertThat(result.reportsMissing()).containsExactly(why);
    assertThat(result.times().format()).isEqualTo("test-01.t 1.000\ntest-02.t 1.000\n");
    assertReportsAreMadeUp();
  }

  @Test
  void aReportThatCannotBeWrittenDoesNotTakeTheVerdictAlong() throws Exception {
    Files.createDirectories(folder.resolve("report.xml/full"));
    SuiteResult result = run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.reportsMissing())
        .singleElement()
        .extracting(HgautoException::what)
        .isEqualTo("cannot write the report " + folder.resolve("report.xml"));
    assertThat(folder.resolve("report.json")).content().startsWith("{\"test-01.t\"");
  }

  @Test
  void aMachineThatCannotBeOpenedIsNoResult() {
    machines.opening.put(
        1,
        machine -> {
          throw new EnvironmentException("no room for an instance", "capacity", "");
        });
    assertThatThrownBy(this::run).hasMessage("no room for an instance");
  }

  @Test
  void whatIsLeftOfTheMachineIsToldWithTheResult() throws Exception {
    LeftoverException leftover = new LeftoverException("i-1 runs still", "", "end it", null);
    machines.closing =
        machine -> {
          throw leftover;
        };
    assertThat(run().leftover()).containsSame(leftover);
    failIn("test-03.t", FakeMachines.lost(1));
    assertThat(run().leftover()).containsSame(leftover);
  }

  @Test
  void whatComesBeforeAndAfterTheTestsIsNotTheirTime() throws Exception {
    pass(1200); // an image is made
    machines.opening.put(1, machine -> pass(40));
    machines.during.put("test-02.t", machine -> pass(7));
    machines.closing = machine -> pass(100);
    SuiteResult result = run();
    assertThat(result.setup()).isEqualTo(Duration.ofSeconds(1240));
    assertThat(result.tests()).isEqualTo(Duration.ofSeconds(7));
    assertThat(stopwatch.total()).isEqualTo(Duration.ofSeconds(1347));
  }

  private void pass(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private void failIn(String test, HgautoException failure) {
    machines.during.put(
        test,
        machine -> {
          throw failure;
        });
  }

  /** Of the first two tests. */
  private void assertReportsAreMadeUp() throws IOException {
    assertThat(JsonParser.parseString(Files.readString(folder.resolve("report.json"))).toString())
        .isEqualTo(
            "{\"test-01.t\":{\"result\":\"success\",\"time\":\"1.000\"},"
                + "\"test-02.t\":{\"result\":\"failure\",\"time\":\"1.000\"}}");
    assertThat(folder.resolve("report.xml"))
        .content()
        .contains("failures=\"1\"", "tests=\"2\"", "name=\"test-01.t\"", "name=\"test-02.t\"");
  }

  private SuiteResult run(String... flags) throws InterruptedException {
    return new Suite(folder, stopwatch)
        .run(machines, 1, List.of(flags), TestTimes.NONE, output, line -> {});
  }
}
