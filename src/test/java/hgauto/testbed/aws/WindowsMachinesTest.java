package hgauto.testbed.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.Lease;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.aws.lease.WindowsUserData;
import hgauto.aws.ssm.CommandResult;
import hgauto.aws.ssm.ManagedInstances;
import hgauto.aws.ssm.PowerShellCommand;
import hgauto.aws.ssm.RunCommand;
import hgauto.machine.Command;
import hgauto.machine.HostKeys;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import hgauto.poll.Poll;
import hgauto.testbed.Sleepless;
import hgauto.testbed.windows.PackageFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** Instances that stand in for Windows machines. */
class WindowsMachinesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String PROFILE = "hg-ephemeral-ec2-1";
  private static final SshKey KEY = SshKey.generate();

  private AwsProxy aws = new AwsProxy();
  private final Ec2Client ec2 = aws.clients().ec2(AwsProxy.REGION);

  @TempDir private Path folder;

  @BeforeEach
  void setUp() {
    aws.withMachines(folder.resolve("machines"));
    aws.clients().iam().createInstanceProfile(r -> r.instanceProfileName(PROFILE));
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private Lease launch(String image, Optional<String> profile) throws InterruptedException {
    return new Leases(
            aws.account(),
            new LeaseJournal(folder.resolve("leases")),
            "run-1",
            new Sleepless().poll(),
            told -> {},
            told -> {})
        .launch(
            new LaunchRequest(
                "hg-windows-dev",
                image,
                List.of("t3.medium"),
                null,
                List.of(),
                profile,
                Optional.empty(),
                false,
                List.of(new Disk("/dev/sda1", 50)),
                Duration.ofHours(4),
                new WindowsUserData()));
  }

  private Lease launch(String image) throws InterruptedException {
    Lease lease = launch(image, Optional.of(PROFILE));
    new ManagedInstances(aws.account(), Poll.real())
        .awaitOnline(lease.id(), () -> {}, Duration.ofSeconds(30));
    return lease;
  }

  /** The stand-in knows a script by its name alone. */
  private static String script(String name) {
    return "# " + name + ": as this test has it\n'it'";
  }

  private CommandResult run(Lease lease, String name, String json) throws InterruptedException {
    JsonObject values = JsonParser.parseString(json).getAsJsonObject();
    return new RunCommand(aws.account(), Poll.real())
        .run(lease.id(), PowerShellCommand.of(name, script(name), values), MINUTE, () -> {});
  }

  private String say(Lease lease, String name, String json) throws InterruptedException {
    CommandResult result = run(lease, name, json);
    assertThat(result.error()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return result.output();
  }

  private SshMachine open(Lease lease) throws InterruptedException {
    JsonObject values = new JsonObject();
    values.addProperty("instance", lease.id());
    values.addProperty("publicKey", KEY.publicLine());
    say(lease, "enable-openssh.ps1", values.toString());
    return SshMachine.connect(
        new SshAddress("Administrator", aws.machine(lease.id()).address(), 22),
        new HostKeys.Pinned(List.of(say(lease, "read-host-key.ps1", "{}").strip())),
        KEY,
        Duration.ofSeconds(30));
  }

  @Test
  void anInstanceIsReachedByRunCommandAndThenBySsh() throws Exception {
    try (Lease lease = launch(AwsProxy.WINDOWS);
        SshMachine ssh = open(lease)) {
      ssh.put("one\n".getBytes(StandardCharsets.UTF_8), "/C:/hgdev/runs/one.txt", 0644);
      Path there = aws.driveC(lease.id()).path("C:\\hgdev\\runs\\one.txt");
      assertThat(Files.readString(there)).isEqualTo("one\n");
      aws.driveC(lease.id()).write("C:\\hgdev\\two.txt", new byte[] {2});
      assertThat(ssh.read("/C:/hgdev/two.txt", 9)).contains(new byte[] {2});
      String hostKey = ssh.hostKeyLine();
      open(lease).close();
      assertThat(say(lease, "read-host-key.ps1", "{}")).startsWith(hostKey);
    }
  }

  @Test
  void anInstanceWithoutAProfileIsNeverOnline() throws Exception {
    try (Lease lease = launch(AwsProxy.WINDOWS, Optional.empty())) {
      aws.machine(lease.id()).awaitBoot();
      assertThatThrownBy(
              () ->
                  new ManagedInstances(aws.account(), new Sleepless().poll())
                      .awaitOnline(lease.id(), () -> {}, MINUTE))
          .hasMessageContaining("timed out");
    }
  }

  @Test
  void anInstanceThatHasEndedIsNotListed() throws Exception {
    Lease lease = launch(AwsProxy.WINDOWS);
    lease.close();
    assertThat(aws.commands().pings(List.of(lease.id()))).isEmpty();
  }

  @Test
  void anUnknownScriptAndOneThatIsNoPowerShellFail() throws Exception {
    try (Lease lease = launch(AwsProxy.WINDOWS)) {
      CommandResult unknown = run(lease, "unknown.ps1", "{}");
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.error()).contains("does not know unknown.ps1");
      CommandResult broken =
          new RunCommand(aws.account(), Poll.real())
              .run(
                  lease.id(),
                  PowerShellCommand.of("x", "# x.ps1: it\nif (", new JsonObject()),
                  MINUTE,
                  () -> {});
      assertThat(broken.exitCode()).isEqualTo(1);
      assertThat(broken.error()).contains("ParserError");
      assertThat(run(lease, "enable-openssh.ps1", "{}").error())
          .contains("The property 'instance' cannot be found");
    }
  }

  /** Uploads a run as {@code hgauto.windows} does, and starts it. */
  private void start(Lease lease, SshMachine ssh, String run, String name, String json)
      throws InterruptedException, IOException {
    aws.driveC(lease.id()).makeFolder("C:\\hgdev\\runs\\" + run);
    String base64 = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    put(ssh, run + "/run.ps1", "& {\n" + script(name) + "\n} '" + base64 + "'\n");
    put(ssh, "run-as-administrator.ps1", script("run-as-administrator.ps1"));
    say(lease, "start-run.ps1", "{\"run\": \"" + run + "\", \"atMostSeconds\": 60}");
  }

  private static void put(SshMachine ssh, String file, String text) throws InterruptedException {
    ssh.put(text.getBytes(StandardCharsets.UTF_8), "/C:/hgdev/runs/" + file, 0644);
  }

  private static String awaitExit(SshMachine ssh, String run) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ssh.read("/C:/hgdev/runs/" + run + "/exit.txt", 9), Optional::isPresent)
        .map(code -> new String(code, StandardCharsets.US_ASCII))
        .orElseThrow();
  }

  private static byte[] log(SshMachine ssh, String run) throws InterruptedException {
    return ssh.read("/C:/hgdev/runs/" + run + "/log.txt", 1 << 20).orElseThrow();
  }

  private static String values(String node, String name) {
    return ("{\"node\": \"%s\", \"version\": \"7.2\", \"builder\": \"pip\", \"pattern\": \"mercurial-*.whl\","
            + " \"output\": \"C:\\\\hgdev\\\\packages\\\\%s\"}")
        .formatted(node, name);
  }

  private static String hg(SshMachine ssh, String... arguments) throws Exception {
    String[] argv = new String[arguments.length + 3];
    argv[0] = "c:/hgdev/hg.cmd";
    argv[1] = "-R";
    argv[2] = "c:/hgdev/src";
    System.arraycopy(arguments, 0, argv, 3, arguments.length);
    return ssh.ask("ask hg", Command.of(argv), MINUTE);
  }

  /** The id of the empty repository's null changeset is known to it. */
  private static final String NULL = "0".repeat(40);

  @Test
  void aRunBuildsAPackageAndTellsOfIt() throws Exception {
    String name = "mercurial-7.2-cp39-cp39-win_amd64.whl";
    try (Lease lease = launch(aws.addReadyWindowsImage("hg-windows-dev-1", "f"));
        SshMachine ssh = open(lease)) {
      assertThat(hg(ssh, "config", "phases.publish")).isEqualTo("False\n");
      start(lease, ssh, "one", "build-wheel.ps1", values(NULL, name));
      assertThat(awaitExit(ssh, "one")).isEqualTo("0");
      String log = new String(log(ssh, "one"), StandardCharsets.UTF_8);
      assertThat(log)
          .startsWith(
              "account EC2AMAZ-STANDIN\\Administrator, profile C:\\Users\\Administrator\r\n")
          .contains("building " + name + " of " + NULL, "built " + name + "\r\n");
      JsonObject file =
          JsonParser.parseString(log.substring(log.indexOf("\nmade: ") + 7)).getAsJsonObject();
      assertThat(file.get("name").getAsString()).isEqualTo(name);
      assertThat(file.get("size").getAsLong()).isEqualTo(12_000);
      assertThat(ssh.read("/C:/hgdev/packages/" + name + "/" + name, 20_000).orElseThrow())
          .hasSize(12_000);
      assertThat(say(lease, "look-at-run.ps1", "{\"run\": \"one\"}"))
          .matches("Ready, last result 0, \\d+ MiB free on C:\r\n");
      assertThat(say(lease, "look-at-run.ps1", "{\"run\": \"two\"}")).isEqualTo("Gone\r\n");
    }
  }

  @Test
  void buildsFailAsTheTestWants() throws Exception {
    String name = "mercurial-7.2-cp39-cp39-win_amd64.whl";
    try (Lease lease = launch(aws.addReadyWindowsImage("hg-windows-dev-1", "f"));
        SshMachine ssh = open(lease)) {
      start(lease, ssh, "unknown", "build-wheel.ps1", values("1".repeat(40), name));
      assertThat(awaitExit(ssh, "unknown")).isEqualTo("1");
      assertThat(new String(log(ssh, "unknown"), StandardCharsets.UTF_8))
          .contains("unknown revision");
      aws.windows().breakBuild(name, PackageFault.FAILS);
      start(lease, ssh, "fails", "build-wheel.ps1", values(NULL, name));
      assertThat(awaitExit(ssh, "fails")).isEqualTo("1");
      for (PackageFault fault :
          List.of(PackageFault.MAKES_NOTHING, PackageFault.MAKES_TWO, PackageFault.OTHER_VERSION)) {
        aws.windows().breakBuild(name, fault);
        start(lease, ssh, fault.name(), "build-wheel.ps1", values(NULL, name));
        assertThat(awaitExit(ssh, fault.name())).isEqualTo("0");
        try (var files = Files.list(aws.driveC(lease.id()).path("C:\\hgdev\\packages\\" + name))) {
          assertThat(files.map(file -> file.getFileName().toString()))
              .containsExactlyInAnyOrderElementsOf(
                  switch (fault) {
                    case MAKES_TWO -> List.of(name, "mercurial-0.0-cp39-cp39-win_amd64.whl");
                    case OTHER_VERSION -> List.of("mercurial-0.0-cp39-cp39-win_amd64.whl");
                    default -> List.of();
                  });
        }
      }
      aws.windows().breakBuild(name, PackageFault.PRINTS_UTF_16);
      start(lease, ssh, "utf-16", "build-wheel.ps1", values(NULL, name));
      assertThat(awaitExit(ssh, "utf-16")).isEqualTo("0");
      assertThat(new String(log(ssh, "utf-16"), StandardCharsets.UTF_8))
          .contains("b\0u\0i\0l\0t\0");
    }
  }

  @Test
  void aRunThatNeverEndsIsEnded() throws Exception {
    aws.windows().breakBuild("x", PackageFault.NEVER_ENDS);
    try (Lease lease = launch(aws.addReadyWindowsImage("hg-windows-dev-1", "f"));
        SshMachine ssh = open(lease)) {
      start(lease, ssh, "one", "build-installer.ps1", values(NULL, "x"));
      assertThat(say(lease, "look-at-run.ps1", "{\"run\": \"one\"}")).startsWith("Running, ");
      say(lease, "end-run.ps1", "{\"run\": \"one\"}");
      assertThat(say(lease, "look-at-run.ps1", "{\"run\": \"one\"}")).isEqualTo("Gone\r\n");
      assertThat(ssh.read("/C:/hgdev/runs/one/exit.txt", 9)).isEmpty();
      assertThat(run(lease, "build-wheel.ps1", "{}").error()).contains("for this account");
    }
  }

  @Test
  void aRestartBreaksConnectionsAndKeepsTheHostKey() throws Exception {
    try (Lease lease = launch(AwsProxy.WINDOWS);
        SshMachine before = open(lease)) {
      String hostKey = before.hostKeyLine();
      say(lease, "restart.ps1", "{}");
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !before.isOpen());
      try (SshMachine after = open(lease)) {
        assertThat(after.hostKeyLine()).isEqualTo(hostKey);
      }
    }
  }

  @Test
  void anImageOfAMachineThatWasBootstrappedAndSealedIsGoodForOthers() throws Exception {
    String image;
    String hostKey;
    try (Lease lease = launch(AwsProxy.WINDOWS);
        SshMachine ssh = open(lease)) {
      hostKey = ssh.hostKeyLine();
      aws.driveC(lease.id()).makeFolder("C:\\hgdev\\bootstrap");
      aws.driveC(lease.id())
          .write(
              "C:\\hgdev\\bootstrap\\install-windows-dependencies.ps1",
              "1".getBytes(StandardCharsets.UTF_8));
      String values = "{\"folder\": \"C:\\\\hgdev\\\\bootstrap\"}";
      start(lease, ssh, "one", "bootstrap-windows.ps1", values);
      assertThat(awaitExit(ssh, "one")).isEqualTo("0");
      say(lease, "seal-image.ps1", values);
      image = ec2.createImage(r -> r.instanceId(lease.id()).name("hg-1")).imageId();
    }
    try (Lease lease = launch(image);
        SshMachine ssh = open(lease)) {
      assertThat(ssh.hostKeyLine()).isNotEqualTo(hostKey);
      assertThat(hg(ssh, "log", "--rev", "null", "--template", "{rev}")).isEqualTo("-1");
      assertThat(ssh.read("/C:/hgdev/bootstrap/install-windows-dependencies.ps1", 9)).isEmpty();
    }
  }

  @Test
  void aMachineOfAnImageThatWasNotSealedDoesNotBoot() throws Exception {
    String image;
    try (Lease lease = launch(AwsProxy.WINDOWS)) {
      image = ec2.createImage(r -> r.instanceId(lease.id()).name("hg-1")).imageId();
    }
    try (Lease lease = launch(image, Optional.of(PROFILE))) {
      assertThat(
              Awaitility.await()
                  .atMost(Duration.ofSeconds(20))
                  .until(
                      () ->
                          ec2.describeInstances(r -> r.instanceIds(lease.id()))
                              .reservations()
                              .get(0)
                              .instances()
                              .get(0),
                      it -> it.state().name() == InstanceStateName.TERMINATED)
                  .stateReason()
                  .message())
          .contains("the image was not sealed");
    }
    assertThatThrownBy(aws::close).isInstanceOf(AssertionError.class);
    aws = new AwsProxy(); // for close
  }
}
