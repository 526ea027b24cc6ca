package hgauto.testbed.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import hgauto.aws.Owner;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.OwnImages;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.Lease;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.aws.lease.LinuxUserData;
import hgauto.testbed.Sleepless;
import hgauto.testbed.machine.PlainSsh;
import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** Instances that are machines. */
class MotoMachinesTest {
  private AwsProxy aws = new AwsProxy();
  private final Ec2Client ec2 = aws.clients().ec2(AwsProxy.REGION);

  @TempDir private Path folder;
  private PlainSsh ssh;

  @BeforeEach
  void setUp() throws IOException {
    aws.withMachines(folder.resolve("machines"));
    ssh = PlainSsh.in(folder.resolve("ssh"));
    ec2.importKeyPair(
        r ->
            r.keyName("hg-automation")
                .publicKeyMaterial(SdkBytes.fromUtf8String(ssh.publicLine())));
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private Lease launch(String image, LinuxUserData userData) throws InterruptedException {
    return new Leases(
            aws.account(),
            new LeaseJournal(folder.resolve("leases")),
            "run-1",
            new Sleepless().poll(),
            told -> {},
            told -> {})
        .launch(
            new LaunchRequest(
                "hg-linux-dev",
                image,
                List.of("t3.medium"),
                "hg-automation",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(new Disk("/dev/xvda", 12), new Disk("/dev/sdb", 8)),
                Duration.ofHours(4),
                userData));
  }

  /** A key of RSA takes long to make. */
  private static LinuxUserData userData() {
    return new LinuxUserData().with("ssh_genkeytypes", JsonParser.parseString("[\"ed25519\"]"));
  }

  private JsonElement openToHg() {
    return JsonParser.parseString(
        "[\"default\", {\"name\": \"hg\", \"ssh_authorized_keys\": [\"%s\"]}]"
            .formatted(ssh.publicLine()));
  }

  private Instance now(String id) {
    return ec2.describeInstances(r -> r.instanceIds(id)).reservations().get(0).instances().get(0);
  }

  @Test
  void readyImageIsFoundAsOursAndItsMachinesAreOpenToHg() throws Exception {
    String fingerprint = "0a1b2c3d".repeat(8);
    aws.addReadyImage("hg-linux-dev-debian12-0a1b2c3d", fingerprint);
    MachineImage image =
        new OwnImages(aws.account(), Owner.here(), new Sleepless().poll(), told -> {})
            .find("hg-linux-dev-debian12", fingerprint)
            .orElseThrow();
    assertThat(image.rootDevice()).isEqualTo("/dev/xvda");
    try (Lease lease = launch(image.id(), userData().with("users", openToHg()))) {
      aws.machine(lease.id()).awaitBoot();
      assertThat(ssh.run("hg", aws.machine(lease.id()), "ls /hgdev/src/hg").out())
          .isEqualTo("/hgdev/src/hg\n");
    }
  }

  @Test
  void whatCloudInitDoesNotKnowIsTold() throws Exception {
    try (Lease lease = launch(AwsProxy.DEBIAN, userData().with("packages", new JsonArray()))) {
      assertThat(awaitEnd(lease.id()).stateReason().message()).contains("['packages']");
    }
    assertThatThrownBy(aws::close).isInstanceOf(AssertionError.class);
    aws = new AwsProxy(); // for close
  }

  private Instance awaitEnd(String id) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> now(id), it -> it.state().name() == InstanceStateName.TERMINATED);
  }

  private String hostName(String user, String id) {
    return ssh.run(user, aws.machine(id), "hostname").out().strip();
  }

  @Test
  void aLeaseIsAMachineThatOneCanLogInTo() throws Exception {
    try (Lease lease = launch(AwsProxy.DEBIAN, userData())) {
      String address = lease.awaitRunning();
      TestMachine machine = aws.machine(lease.id());
      assertThat(address).isEqualTo(machine.address());
      assertThat(hostName("admin", lease.id())).isEqualTo("ip-" + address.replace('.', '-'));
      String volume =
          now(lease.id()).blockDeviceMappings().stream()
              .filter(disk -> disk.deviceName().equals("/dev/sdb"))
              .findFirst()
              .orElseThrow()
              .ebs()
              .volumeId();
      assertThat(machine.run("ls", "/dev/disk/by-id"))
          .isEqualTo("nvme-Amazon_Elastic_Block_Store_" + volume.replace("-", "") + "\n");
      assertThat(machine.run("ls", "/etc/systemd/system/multi-user.target.wants"))
          .contains("end-at-expiry-" + lease.id());
      assertThat(machine.run("cat", "/sys/class/dmi/id/board_asset_tag"))
          .isEqualTo(lease.id() + "\n");
    }
  }

  @Test
  void itPowersItselfOffAtItsExpiryAndIsTerminated() throws Exception {
    Lease lease = launch(AwsProxy.DEBIAN, userData());
    TestMachine machine = aws.machine(lease.id());
    machine.awaitBoot();
    machine.run("systemd-run", "--no-block", "--unit=soon", "--on-active=0s", "poweroff");
    machine.awaitEnd();
    assertThat(awaitEnd(lease.id()).stateReason().code())
        .isEqualTo("Client.InstanceInitiatedShutdown");
    lease.close();
  }

  @Test
  void aSpotInstanceIsGoneBeforeEc2SaysSo() throws Exception {
    Lease lease = launch(AwsProxy.DEBIAN, userData());
    TestMachine machine = aws.machine(lease.id());
    machine.awaitBoot();
    aws.interrupt(lease.id(), 1);
    assertThat(machine.ended()).isDone();
    assertThat(now(lease.id()).state().name()).isEqualTo(InstanceStateName.RUNNING);
    assertThat(awaitEnd(lease.id()).stateReason().code())
        .isEqualTo("Server.SpotInstanceTermination");
    lease.close();
  }

  @Test
  void anImageOfAMachineHasWhatWasWrittenThere() throws Exception {
    String first;
    String image;
    try (Lease lease = launch(AwsProxy.DEBIAN, userData())) {
      first = lease.id();
      aws.machine(first).awaitBoot();
      ssh.run("admin", aws.machine(first), "sudo sh -c 'useradd -m hg; echo 1 >/hgdev'");
      image = ec2.createImage(r -> r.instanceId(first).name("hg-1")).imageId();
    }
    try (Lease second = launch(image, userData().with("users", openToHg()))) {
      TestMachine machine = aws.machine(second.id());
      machine.awaitBoot();
      assertThat(ssh.run("hg", machine, "cat /hgdev").out()).isEqualTo("1\n");
      assertThat(machine.run("ls", "/etc/systemd/system/multi-user.target.wants"))
          .contains("end-at-expiry-" + second.id())
          .doesNotContain(first);
    }
  }
}
