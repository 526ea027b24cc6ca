package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.LinuxHost;
import hgauto.testbed.TimedSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code hgauto run-tests-linux} on four machines with Mercurial's own run-tests.py. */
@Timeout(600)
class ShardsIT {
  private static final int MACHINES = 4;
  private static final Pattern SUMMARY = Pattern.compile("(?m)^(?:Skipped|Failed) .*$|^# Ran .*$");

  @TempDir private Path temp;
  private final List<LinuxHost> hosts = new ArrayList<>();
  private HgautoProgram hgauto;

  @BeforeEach
  void setUp() throws IOException {
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
  }

  @AfterEach
  void endTheMachines() {
    hosts.forEach(LinuxHost::close);
  }

  @Test
  void fourMachinesComeToWhatOneDoes() throws Exception {
    Map<String, String> tests = new TreeMap<>();
    for (int test = 1; test <= 9; test++) {
      tests.put("test-wait" + test + ".t", TimedSource.waiting(test / 20.0));
    }
    tests.put("test-bad.t", "  $ echo new\n  old\n");
    tests.put("test-cases.t", "#testcases one two\n  $ sleep 0.1\n#if one\n  $ false\n#endif\n");
    tests.put("test-skip.t", "#require windows\n  $ true\n");
    HgRepository source = startMachines(tests);

    Verdict one = verdict(run(source, 1));
    Verdict four = verdict(run(source, MACHINES));
    assertThat(one.exitCode).isEqualTo(1);
    assertThat(one.summary)
        .containsExactly(
            "Skipped test-skip.t: missing feature: Windows",
            "Failed test-bad.t: output changed",
            "Failed test-cases.t#one: output changed",
            "# Ran 12 tests, 1 skipped, 2 failed.");
    assertThat(four).isEqualTo(one);
    try (Stream<Path> files = Files.list(lastResults())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("machine-1.txt", "machine-2.txt", "machine-3.txt", "machine-4.txt");
    }
    Result refused = run(source, 2, "--bogus");
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("run-tests.py of that changeset has no flag --bogus");
    Result single = run(source, 2, "test-wait1.t");
    assertThat(single.exitCode()).as(single.err()).isZero();
    assertThat(single.err()).contains("1 host: ");
    assertThat(lastResults().resolve("machine-1.txt")).doesNotExist(); // as on one machine
  }

  @Test
  void aMachineThatIsKilledInTheMiddleChangesNothing() throws Exception {
    Map<String, String> tests = new TreeMap<>();
    for (int test = 1; test <= 12; test++) {
      tests.put(
          "test-wait" + test + ".t",
          """
            $ touch /tmp/begun
            $ until test -e /tmp/go; do sleep 0.1; done
          """
              + (test == 7 ? "  $ echo new\n  old\n" : ""));
    }
    HgRepository source = startMachines(tests);
    LinuxHost lost = hosts.get(2);
    Result result;
    try (HgautoProgram.Running running = hgauto.start(source.root(), arguments(MACHINES))) {
      for (LinuxHost host : hosts) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> Files.exists(host.machine().path("/tmp/begun")));
      }
      lost.machine().cut();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> running.err().contains("tests without a verdict: 3, moved to the others"));
      for (LinuxHost host : hosts) {
        if (host != lost) {
          host.machine().run("touch", "/tmp/go");
        }
      }
      result = running.end();
    }
    Verdict verdict = verdict(result);
    assertThat(verdict.exitCode).as(result.err()).isEqualTo(1);
    assertThat(verdict.summary)
        .containsExactly(
            "Failed test-wait7.t: output changed", "# Ran 12 tests, 0 skipped, 1 failed.");
    assertThat(verdict.tests).hasSize(12).containsEntry("test-wait7.t", "failure");
    assertThat(verdict.tests.values().stream().filter("success"::equals)).hasSize(11);
  }

  /** The machines have the source as /hgdev/src. */
  private HgRepository startMachines(Map<String, String> tests) throws IOException {
    HgRepository source = TimedSource.create(temp.resolve("source"), tests);
    for (int machine = 1; machine <= MACHINES; machine++) {
      hosts.add(
          LinuxHost.start(hgauto, temp.resolve("machine" + machine), UnaryOperator.identity())
              .withSource(source));
    }
    return source;
  }

  private Result run(HgRepository source, int machines, String... flags) throws Exception {
    return hgauto.run(source.root(), arguments(machines, flags));
  }

  private String[] arguments(int machines, String... flags) {
    List<String> arguments = new ArrayList<>(List.of("run-tests-linux"));
    hosts.subList(0, machines).forEach(host -> arguments.addAll(List.of("--host", host.url())));
    arguments.addAll(List.of("--", TimedSource.WITH_HG, "-j1"));
    arguments.addAll(List.of(flags));
    return arguments.toArray(String[]::new);
  }

  /**
   * What is to be the same however many machines there are.
   *
   * @param summary the last lines of run-tests.py
   * @param tests of report.json, the result by name
   * @param inXunit the names in report.xml
   */
  private record Verdict(
      int exitCode, List<String> summary, Map<String, String> tests, List<String> inXunit) {}

  private Verdict verdict(Result result) throws IOException {
    assertThat(lastResults().resolve("report.json")).as(result.toString()).exists();
    Map<String, String> tests = new TreeMap<>();
    JsonObject report =
        JsonParser.parseString(Files.readString(lastResults().resolve("report.json")))
            .getAsJsonObject();
    report
        .entrySet()
        .forEach(
            test ->
                tests.put(
                    test.getKey(), test.getValue().getAsJsonObject().get("result").getAsString()));
    String xunit = Files.readString(lastResults().resolve("report.xml"));
    return new Verdict(
        result.exitCode(),
        SUMMARY.matcher(result.out()).results().map(line -> line.group()).toList(),
        tests,
        Pattern.compile("<testcase name=\"([^\"]*)\"")
            .matcher(xunit)
            .results()
            .map(name -> name.group(1))
            .sorted()
            .toList());
  }

  private Path lastResults() throws IOException {
    try (Stream<Path> runs = Files.list(hgauto.state().resolve("results"))) {
      return runs.max(Path::compareTo).orElseThrow();
    }
  }
}
