package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What several machines print cannot be written here. */
@Timeout(60)
class SuiteOutputFaultsTest {
  /** By their number, the odd ones are a part, and the even ones. */
  private static final List<String> TESTS =
      List.of("test-01.t", "test-02.t", "test-03.t", "test-04.t", "test-05.t", "test-06.t");

  @TempDir private Path folder;

  private final EnvironmentException gone =
      new EnvironmentException("cannot pass it on", "Broken pipe", "");

  private FakeMachines machines = new FakeMachines(TESTS, Set.of("test-04.t"));

  @Test
  void whatIsKnownWhenTheOutputTakesNoMoreIsKept() throws Exception {
    CountDownLatch third = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    machines.during.put(
        "test-03.t",
        machine -> {
          third.countDown();
          never.await();
        });
    machines.during.put("test-04.t", machine -> FakeMachines.await(third));
    SuiteResult result = run();
    assertThat(result.failure()).containsSame(gone);
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.passed()).isEqualTo(2);
    assertThat(result.withoutVerdict())
        .containsExactly("test-03.t", "test-04.t", "test-05.t", "test-06.t");
    assertThat(result.times().seconds()).containsOnlyKeys("test-01.t", "test-02.t");
    assertThat(result.machines()).hasSize(2);
    assertReported("test-01.t", "test-02.t");
    assertThat(machines.done()).contains("close 1", "close 2");
  }

  @Test
  void allIsKnownIfItTakesNoSummary() throws Exception {
    machines = new FakeMachines(TESTS, Set.of());
    SuiteResult result = run();
    assertThat(result.failure()).containsSame(gone);
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.passed()).isEqualTo(6);
    assertThat(result.withoutVerdict()).isEmpty();
    assertReported(TESTS.toArray(String[]::new));
  }

  @Test
  void testsForWhichThereCanBeNoFileHaveNoVerdict() throws Exception {
    Files.createDirectory(folder.resolve("machine-1.txt"));
    Files.createDirectory(folder.resolve("machine-2.txt"));
    SuiteResult result = run();
    assertThat(result.failure()).hasValueSatisfying(why -> assertThat(why.next()).contains("Free"));
    assertThat(result.withoutVerdict()).isEqualTo(TESTS);
    assertThat(machines.begun()).isEmpty();
  }

  private void assertReported(String... tests) throws IOException {
    assertThat(
            JsonParser.parseString(Files.readString(folder.resolve("report.json")))
                .getAsJsonObject()
                .keySet())
        .containsExactly(tests);
    for (String test : tests) {
      assertThat(folder.resolve("report.xml")).content().contains("name=\"" + test + "\"");
    }
  }

  private SuiteResult run() throws InterruptedException {
    OutputStream output =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw gone;
          }
        };
    return new Suite(folder, new Stopwatch(() -> 0))
        .run(machines, 2, List.of(), TestTimes.NONE, output, line -> {});
  }
}
