package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.linux.Distro;
import hgauto.linux.Distros;
import hgauto.linux.Fingerprints;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.HgautoProgram.Running;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.machine.MercurialRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** A dozen of Mercurial's own tests on four machines of EC2. */
@Timeout(600)
class RunTestsLinuxEc2MercurialIT {
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
    source = MercurialRepository.cloneInto(temp.resolve("mercurial"));
  }

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void theResultIsTheSameWhereOneIsEndedWhileItTests() throws Exception {
    List<String> line = new ArrayList<>(List.of("run-tests-linux", "--ssh-from", "127.0.0.0/8"));
    line.addAll(List.of("--instances", "4", "--rev=public()", "--", "--pure"));
    line.addAll(RunTestsLinuxMercurialIT.TESTS);
    Result whole = hgauto.run(source.root(), line.toArray(String[]::new));
    assertVerdict(whole, 4);
    assertThat(whole.err()).doesNotContain("had ended already");

    Result cut;
    try (Running running = hgauto.start(source.root(), line.toArray(String[]::new))) {
      String lost =
          Awaitility.await()
              .atMost(Duration.ofMinutes(5))
              .until(this::testing, found -> !found.isEmpty())
              .get(0);
      aws.clients().ec2(AwsProxy.REGION).terminateInstances(r -> r.instanceIds(lost));
      cut = running.end();
      assertThat(cut.err())
          .contains(lost + " (hg-linux-dev in us-west-2) had ended already: Client.");
    }
    assertVerdict(cut, 8);
  }

  /** The instances on which tests go on. */
  private List<String> testing() {
    return instances()
        .filter(instance -> instance.state().name() == InstanceStateName.RUNNING)
        .map(Instance::instanceId)
        .filter(this::isTesting)
        .toList();
  }

  private boolean isTesting(String id) {
    try (Stream<Path> files = Files.list(aws.machine(id).path("/hgwork/tmp"))) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("hgtests."));
    } catch (IOException e) {
      return false; // it is not there yet
    }
  }

  private Stream<Instance> instances() {
    return aws.clients().ec2(AwsProxy.REGION).describeInstances().reservations().stream()
        .flatMap(reservation -> reservation.instances().stream());
  }

  private void assertVerdict(Result result, int launched) {
    assertThat(result.err()).contains("PASSED: 12 passed, 0 failed, 0 skipped");
    assertThat(result.out()).contains("# Ran 12 tests, 0 skipped, 0 failed.");
    assertThat(result.exitCode()).isZero();
    assertThat(instances().map(instance -> instance.state().name()))
        .hasSize(launched)
        .containsOnly(InstanceStateName.TERMINATED);
  }
}
