package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import hgauto.linux.Distro;
import hgauto.linux.Distros;
import hgauto.linux.Fingerprints;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.HgautoProgram.Running;
import hgauto.testbed.Kernel;
import hgauto.testbed.Processes;
import hgauto.testbed.StandInSource;
import hgauto.testbed.TimedSource;
import hgauto.testbed.aws.AwsProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** {@code hgauto run-tests-linux} in an account whose instances are machines. */
@Timeout(600)
class RunTestsLinuxEc2IT {
  private static final String[] ON_FOUR = {"--instances", "4", "--", TimedSource.WITH_HG, "-j1"};

  private final AwsProxy aws = new AwsProxy();
  @TempDir private Path temp;
  private HgautoProgram hgauto;
  private HgRepository source;

  @BeforeEach
  void setUp() throws IOException {
    aws.withMachines(temp.resolve("machines"));
    Distro debian = Distros.known().named("debian12");
    aws.addReadyImage(debian.imageName() + "-0a1b2c3d", Fingerprints.of(debian));
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    aws.environment().forEach(hgauto::with);
    source = StandInSource.create(temp.resolve("source"));
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private static String[] line(String... arguments) {
    List<String> all = new ArrayList<>(List.of("run-tests-linux", "--ssh-from", "127.0.0.0/8"));
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

  private List<InstanceStateName> states() {
    return instances().map(instance -> instance.state().name()).toList();
  }

  private List<String> running() {
    return instances()
        .filter(instance -> instance.state().name() == InstanceStateName.RUNNING)
        .map(Instance::instanceId)
        .toList();
  }

  private void assertNothingIsLeft() {
    assertThat(states()).isNotEmpty().containsOnly(InstanceStateName.TERMINATED);
    assertThat(hgauto.state().resolve("leases").toFile().list()).isEmpty();
    assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "jfs"})
  void theDiskOfTheLaunchIsFoundByItsSerialNumber(String filesystem) throws Exception {
    boolean there = !filesystem.equals("jfs") || Kernel.has("jfs");
    Result result =
        run(
            "--filesystem",
            filesystem,
            "--",
            "--do=subprocess.run(['stat', '-fc', '%T', '.', os.environ['TMPDIR']])");
    if (there) {
      String told = filesystem.equals("ext4") ? "ext2/ext3" : filesystem;
      assertThat(result.out()).as(result.err()).endsWith((told + "\n").repeat(2));
      assertThat(result.err()).contains("PASSED: 1 passed", "cost: about $", "results: ");
      assertThat(result.exitCode()).isZero();
    } else {
      assertThat(result.err()).contains("the kernel of this machine has no jfs");
      assertThat(result.exitCode()).isEqualTo(3);
    }
    assertNothingIsLeft();
  }

  @Test
  void aDiskThatDoesNotComeIsSaid() throws Exception {
    aws.changeMachines(spec -> spec.withoutDisk());
    Result result = run("--filesystem", "ext4");
    assertThat(result.err())
        .contains("the disk with serial number vol")
        .doesNotContain("unused disk"); // no other one is looked for
    assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
    assertNothingIsLeft();
  }

  @Test
  void testsThatFailAreTheVerdictAndTheMachineIsEnded() throws Exception {
    Result result = run("--", "--fail=test-bad.t", "--exit=80");
    assertThat(result.err()).contains("1 machine, c7i.8xlarge: $", "FAILED: 1 passed, 1 failed");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(80);
    assertNothingIsLeft();
  }

  @Test
  void aFlagThatRunTestsPyDoesNotHaveIsRefusedBeforeAnythingCosts() throws Exception {
    source = TimedSource.create(temp.resolve("timed"), Map.of());
    aws.forgetCalls();
    Result result = run("--", "--time", "--bogus");
    assertThat(result.err()).contains("run-tests.py of that changeset has no flag --bogus");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(aws.actions()).isEmpty();
  }

  @Test
  void anInterruptEndsTheMachine() throws Exception {
    String marker = "marker-" + UUID.randomUUID();
    try (Running running = hgauto.start(source.root(), line("--", StandInSource.lasting(marker)))) {
      Processes.awaitStart("time.sleep(1000) " + marker);
      Result result = running.signal("INT").end();
      assertThat(result.exitCode()).as(result.err()).isEqualTo(130);
      assertThat(result.err())
          .contains("interrupted: the tests are ended, and so are their machines\n")
          .containsPattern("\ntime: \\d+\\.\\d s\ncost so far: about \\$0\\.\\d\\d\n")
          .contains("is terminated");
    }
    Processes.awaitEnd(marker);
    assertNothingIsLeft();
  }

  @Test
  void oneOfFourThatSomebodyEndsInTheMiddleChangesNothing() throws Exception {
    Map<String, String> tests = new TreeMap<>();
    Map<String, String> expected = new TreeMap<>();
    for (int test = 1; test <= 12; test++) {
      tests.put(
          "test-wait" + test + ".t",
          """
            $ touch /tmp/begun
            $ until test -e /mnt/go; do sleep 0.1; done
          """
              + (test == 7 ? "  $ echo new\n  old\n" : ""));
      expected.put("test-wait" + test + ".t", test == 7 ? "failure" : "success");
    }
    source = TimedSource.create(temp.resolve("timed"), tests);
    Path shared = Files.createDirectory(temp.resolve("shared"));
    aws.changeMachines(spec -> spec.bind(shared, "/mnt"));

    Path go = Files.createFile(shared.resolve("go"));
    Result whole = run(ON_FOUR);
    assertThat(states()).hasSize(4);
    assertVerdict(whole, expected);

    Files.delete(go);
    Result cut;
    try (Running running = hgauto.start(source.root(), line(ON_FOUR))) {
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> running().size() == 4);
      for (String id : running()) {
        Path begun = aws.machine(id).path("/tmp/begun");
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(begun));
      }
      String lost = running().get(2);
      aws.clients().ec2(AwsProxy.REGION).terminateInstances(r -> r.instanceIds(lost));
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> running.err().contains(", moved to the others"));
      Files.createFile(go);
      cut = running.end();
      assertThat(cut.err())
          .contains(
              lost
                  + " (hg-linux-dev in us-west-2) had ended already: Client.UserInitiatedShutdown");
    }
    assertVerdict(cut, expected);
  }

  private void assertVerdict(Result result, Map<String, String> expected) throws IOException {
    assertThat(result.err()).contains("FAILED: 11 passed, 1 failed, 0 skipped");
    assertThat(result.out())
        .contains("Failed test-wait7.t: output changed\n# Ran 12 tests, 0 skipped, 1 failed.\n");
    assertThat(result.exitCode()).isEqualTo(1);
    Map<String, String> told = new TreeMap<>();
    try (Stream<Path> runs = Files.list(hgauto.state().resolve("results"))) {
      Path last = runs.max(Path::compareTo).orElseThrow();
      JsonParser.parseString(Files.readString(last.resolve("report.json")))
          .getAsJsonObject()
          .asMap()
          .forEach(
              (test, end) -> told.put(test, end.getAsJsonObject().get("result").getAsString()));
    }
    assertThat(told).isEqualTo(expected);
    assertNothingIsLeft();
  }
}
