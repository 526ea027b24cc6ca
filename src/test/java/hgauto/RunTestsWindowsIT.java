package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.aws.image.WindowsBase;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.HgautoProgram.Running;
import hgauto.testbed.Requires;
import hgauto.testbed.TimedSource;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.machine.TestMachine;
import hgauto.windows.WindowsDependencies;
import hgauto.windows.WindowsFingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/**
 * {@code hgauto run-tests-windows} in an account whose instances stand in for Windows machines. No
 * Windows runs here, but Mercurial's own run-tests.py does.
 */
@Timeout(600)
class RunTestsWindowsIT {
  private static final String WITH_HG = "--with-hg=/usr/bin/hg";

  private final AwsProxy aws = new AwsProxy();
  @TempDir private Path temp;
  private HgautoProgram hgauto;
  private HgRepository source;

  @BeforeEach
  void setUp() throws IOException {
    aws.withMachines(temp.resolve("machines"));
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    aws.environment().forEach(hgauto::with);
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private void tests(Map<String, String> tests) throws IOException {
    source = TimedSource.create(temp.resolve("source"), tests);
    source.write("contrib/install-windows-dependencies.ps1", "'it'\n").commit("a script");
    Checkout checkout =
        Checkout.find(source.root(), new Hg(Requires.program("hg").toString()).withoutUserConfig());
    aws.addReadyWindowsImage(
        WindowsBase.OUR_NAME + "-0a1b2c3d",
        WindowsFingerprints.of(
            WindowsBase.WINDOWS_2022.series(),
            WindowsDependencies.of(checkout, checkout.resolve("."))));
  }

  private static String[] line(String... arguments) {
    List<String> all = new ArrayList<>(List.of("run-tests-windows", "--ssh-from", "127.0.0.0/8"));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  private Result run(String... arguments) throws Exception {
    return hgauto.run(source.root(), line(arguments));
  }

  private Stream<Instance> instances() {
    return aws.clients().ec2(AwsProxy.REGION).describeInstances().reservations().stream()
        .flatMap(reservation -> reservation.instances().stream());
  }

  private List<String> running() {
    return instances()
        .filter(instance -> instance.state().name() == InstanceStateName.RUNNING)
        .map(Instance::instanceId)
        .toList();
  }

  private void assertNothingIsLeft() {
    assertThat(instances().map(instance -> instance.state().name()))
        .isNotEmpty()
        .containsOnly(InstanceStateName.TERMINATED);
    assertThat(hgauto.state().resolve("leases").toFile().list()).isEmpty();
    assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
  }

  private String results(String file) throws IOException {
    try (Stream<Path> runs = Files.list(hgauto.state().resolve("results"))) {
      return Files.readString(runs.max(Path::compareTo).orElseThrow().resolve(file));
    }
  }

  @Test
  void testsThatPassAreToldAsRunTestsPyTellsThem() throws Exception {
    tests(Map.of("test-one.t", "  $ echo 1\n  1\n", "test-two.t", "  $ true\n"));
    Result result = run("--json", "--test-flags", WITH_HG + " -j2");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("# Ran 2 tests, 0 skipped, 0 failed.")
        .contains("1 machine, c7i.2xlarge: $", ": pushed ", ": updated (", "PASSED: 2 passed")
        .doesNotContain("real-time protection");
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.get("python").getAsString()).isEqualTo("3.9");
    assertThat(json.get("arch").getAsString()).isEqualTo("x64");
    assertThat(json.get("dollars").getAsDouble()).isNotNegative();
    assertThat(results("output.txt"))
        .contains("\n# Ran 2 tests, 0 skipped, 0 failed.\n")
        .doesNotContain("\r", "Administrator, profile");
    assertThat(results("report.xml")).contains("test-one.t", "test-two.t");
    assertNothingIsLeft();
  }

  @Test
  void oneThatFailsIsNamedAndItsExitCodeIsThatOfRunTestsPy() throws Exception {
    tests(Map.of("test-good.t", "  $ true\n", "test-bad.t", "  $ echo new\n  old\n"));
    Result result = run("--", WITH_HG);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out())
        .contains("\n-  old\n+  new\n", "Failed test-bad.t: output changed\n")
        .contains("# Ran 2 tests, 0 skipped, 1 failed.\n");
    assertThat(result.err()).contains("FAILED: 1 passed, 1 failed");
    assertThat(results("report.json")).contains("test-bad.t", "failure");
    assertNothingIsLeft();
  }

  @Test
  void whatIsNotCommittedIsTestedIfThatIsAskedFor() throws Exception {
    tests(Map.of("test-one.t", "  $ echo 1\n  1\n"));
    source.write("tests/test-one.t", "  $ echo 2\n  1\n");
    Result result = run("--include-uncommitted", "--", WITH_HG);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).contains("\n-  1\n+  2\n");
    assertNothingIsLeft();
  }

  @Test
  void testsThatDoNotEndAreEndedAtTheTimeLimit() throws Exception {
    tests(Map.of("test-slow.t", "  $ sleep 1000\n"));
    Result result = run("--time-limit", "20s", "--", WITH_HG);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("ended at the time limit of 20 s; test-slow.t was running");
    assertNothingIsLeft();
  }

  @Test
  void aFlagThatRunTestsPyDoesNotHaveIsRefusedBeforeAnythingCosts() throws Exception {
    tests(Map.of());
    aws.forgetCalls();
    Result result = run("--test-flags", "--time --bogus");
    assertThat(result.err()).contains("run-tests.py of that changeset has no flag --bogus");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(aws.actions()).isEmpty();
  }

  @Test
  void oneOfThreeThatSomebodyEndsInTheMiddleChangesNothing() throws Exception {
    Path shared = Files.createDirectory(temp.resolve("shared"));
    aws.changeMachines(spec -> spec.bind(shared, "/mnt"));
    Map<String, String> tests = new TreeMap<>();
    for (int test = 1; test <= 9; test++) {
      String wait = "  $ touch /tmp/begun\n  $ until test -e /mnt/go; do sleep 0.1; done\n";
      tests.put("test-wait" + test + ".t", wait + (test == 5 ? "  $ echo new\n  old\n" : ""));
    }
    tests(tests);
    try (Running running =
        hgauto.start(source.root(), line("--instances", "3", "--", WITH_HG, "-j1"))) {
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> running().size() == 3);
      for (String id : running()) {
        Path begun = aws.machine(id).path("/tmp/begun");
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(begun));
      }
      String lost = running().get(1);
      aws.clients().ec2(AwsProxy.REGION).terminateInstances(r -> r.instanceIds(lost));
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> running.err().contains(", moved to the others"));
      Files.createFile(shared.resolve("go"));
      Result result = running.end();
      assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
      assertThat(result.err()).contains("FAILED: 8 passed, 1 failed, 0 skipped");
      assertThat(result.out())
          .contains("Failed test-wait5.t: output changed\n# Ran 9 tests, 0 skipped, 1 failed.\n");
    }
    JsonObject report = JsonParser.parseString(results("report.json")).getAsJsonObject();
    assertThat(report.keySet()).isEqualTo(tests.keySet());
    assertNothingIsLeft();
  }

  @Test
  void aConnectionThatIsCutWhileTestsRunChangesNothing() throws Exception {
    aws.windows()
        .play(
            "disable-defender.ps1",
            run -> {
              run.print("not known: its service is stopped");
              return 0;
            });
    tests(
        Map.of(
            "test-wait.t",
            "  $ touch /tmp/begun\n  $ until test -e /tmp/go; do sleep 0.1; done\n"));
    try (Running running = hgauto.start(source.root(), line("--", WITH_HG))) {
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> running().size() == 1);
      TestMachine machine = aws.machine(running().get(0));
      Path begun = machine.path("/tmp/begun");
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(begun));
      machine.run("pkill", "-KILL", "-u", "Administrator", "sshd");
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> running.err().contains(" was cut; connecting again"));
      machine.run("touch", "/tmp/go");
      Result result = running.end();
      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.err())
          .contains("PASSED: 1 passed", "whether it is on: not known: its service is stopped");
    }
    assertThat(results("report.xml")).contains("test-wait.t");
    assertThat(instances()).hasSize(1);
    assertNothingIsLeft();
  }

  @Test
  void ctrlCEndsTheMachine() throws Exception {
    tests(Map.of("test-slow.t", "  $ touch /tmp/begun\n  $ sleep 1000\n"));
    try (Running running = hgauto.start(source.root(), line("--", WITH_HG))) {
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> running().size() == 1);
      Path begun = aws.machine(running().get(0)).path("/tmp/begun");
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(begun));
      Result result = running.signal("INT").end();
      assertThat(result.exitCode()).as(result.err()).isEqualTo(130);
      assertThat(result.err())
          .contains("interrupted: the tests are ended, and so are their machines\n")
          .containsPattern("\ncost so far: about \\$0\\.\\d\\d\n");
    }
    assertNothingIsLeft();
  }
}
