package hgauto.windows.test;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import hgauto.process.LocalProgram;
import hgauto.suite.TestEvents;
import hgauto.testbed.Requires;
import hgauto.windows.WindowsMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run_tests.py}, under the Python of this machine, with a run-tests.py of a few lines. */
class RunTestsPyTest {
  /** Tells of one test, prints its arguments, and does what the last one says. */
  private static final String RUN_TESTS =
      """
      import os, sys
      class TestResult:
          def startTest(self, test): pass
          addSuccess = stopTest = startTest
      class Test:
          name = 'test-a.t'
      result = __import__(os.environ['CUSTOM_TEST_RESULT']).TestResult()
      for step in result.startTest, result.addSuccess, result.stopTest:
          step(Test())
      print(sys.argv[-2], [n for n in os.environ if 'HGAUTO_EVENTS' in n or 'UNBUFFERED' in n])
      exec(sys.argv[-1])
      """;

  @TempDir private Path folder;
  private Path events;
  private Path results;

  @BeforeEach
  void setUp() throws IOException {
    try (InputStream runner = WindowsMachine.class.getResourceAsStream("run_tests.py")) {
      Files.copy(runner, folder.resolve("run_tests.py"));
    }
    Files.writeString(folder.resolve(TestEvents.TELLER), TestEvents.teller());
    Files.writeString(folder.resolve("run-tests.py"), RUN_TESTS);
    results = Files.createDirectory(folder.resolve("results"));
    events = Files.createFile(folder.resolve("events.txt"));
  }

  private LocalProgram.Result run(String... flags) throws IOException {
    JsonObject run = new JsonObject();
    run.addProperty("results", results.toString());
    run.addProperty("events", events.toString());
    run.addProperty("seconds", 60);
    JsonArray given = new JsonArray();
    List.of(flags).forEach(given::add);
    run.add("flags", given);
    Path file = Files.writeString(folder.resolve("run.json"), run.toString());
    return LocalProgram.run(
        List.of(
            Requires.program("python3").toString(),
            folder.resolve("run_tests.py").toString(),
            file.toString()),
        folder,
        Map.of("PYTHONUNBUFFERED", "1"),
        Duration.ofMinutes(1));
  }

  @Test
  void flagsComeThroughAsTheyAreAndWhatIsOursDoesNotReachTheTests() throws IOException {
    LocalProgram.Result result = run("/c/a \"b\\' \u00e9", "sys.exit(80)");
    assertThat(result.exitCode()).as(result.toString()).isEqualTo(80);
    assertThat(result.out()).isEqualTo("/c/a \"b\\' \u00e9 []\n");
    assertThat(events).content().matches("test-a.t\tbegun\ntest-a.t\tok\t0\\.\\d{3}\nend\t80\n");
  }

  @Test
  void reportsOfFormerTestsAreNotTakenForThoseOfTheNext() throws IOException {
    Files.createFile(results.resolve("report.xml"));
    Files.createFile(results.resolve("report.json"));
    Files.createFile(results.resolve(".testtimes"));
    run("", "0");
    assertThat(results.toFile().list()).containsExactly(".testtimes");
  }

  @Test
  void whatCrashesIsToldAsThat() throws IOException {
    LocalProgram.Result result = run("", "os.kill(os.getpid(), 9)");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(events).content().endsWith("\ncrashed\t-9\n").doesNotContain("end\t");
  }
}
