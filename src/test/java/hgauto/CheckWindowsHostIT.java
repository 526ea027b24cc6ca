package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import hgauto.aws.lease.WindowsUserData;
import hgauto.aws.ssm.ManagedInstances;
import hgauto.aws.ssm.PowerShellCommand;
import hgauto.aws.ssm.RunCommand;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import hgauto.task.HostCheckReport;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.windows.DriveC;
import hgauto.windows.WindowsHostPoint;
import hgauto.windows.WindowsScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * The built {@code hgauto check-host}, on instances that stand in for Windows machines: what the
 * script would find is told by what is on their drives.
 */
@Timeout(600)
class CheckWindowsHostIT {
  private static final String PROFILE = "hg-ephemeral-ec2-1";

  private final AwsProxy aws = new AwsProxy();
  private final Ec2Client ec2 = aws.clients().ec2(AwsProxy.REGION);
  @TempDir private Path temp;
  private HgautoProgram hgauto;

  @BeforeEach
  void setUp() throws IOException {
    aws.withMachines(temp.resolve("machines"));
    aws.clients().iam().createInstanceProfile(r -> r.instanceProfileName(PROFILE));
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    aws.environment().forEach(hgauto::with);
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private String launch(String image, String profile) {
    String userData = new WindowsUserData().until(Instant.now().plus(Duration.ofHours(1)));
    return ec2.runInstances(
            r ->
                r.imageId(image)
                    .minCount(1)
                    .maxCount(1)
                    .iamInstanceProfile(p -> p.name(profile))
                    .userData(
                        Base64.getEncoder()
                            .encodeToString(userData.getBytes(StandardCharsets.UTF_8))))
        .instances()
        .get(0)
        .instanceId();
  }

  /** As hgauto opens what it launches. */
  private void open(String id) throws InterruptedException {
    JsonObject values = new JsonObject();
    values.addProperty("instance", id);
    values.addProperty("publicKey", SshKey.generate().publicLine());
    WindowsScript script = WindowsScript.named("enable-openssh.ps1");
    assertThat(
            new RunCommand(aws.account(), Poll.real())
                .run(
                    id,
                    PowerShellCommand.of(script.name(), script.text(), values),
                    Duration.ofMinutes(1),
                    () -> {})
                .exitCode())
        .isZero();
  }

  private Result check(String... arguments) throws Exception {
    String[] line = new String[arguments.length + 1];
    line[0] = "check-host";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    return hgauto.run(temp, line);
  }

  @Test
  void aMachineThatHgautoHasOpenedIsGoodAndOneThatIsWrongInSeveralPointsIsToldHowToMendThem()
      throws Exception {
    String id = launch(aws.addReadyWindowsImage("hg-windows-dev-1", "f"), PROFILE);
    new ManagedInstances(aws.account(), Poll.real())
        .awaitOnline(id, () -> {}, Duration.ofSeconds(30));
    open(id);
    Result good = check(id);
    assertThat(good.exitCode()).as(good.out() + good.err()).isZero();
    assertThat(good.err()).contains("checking " + id + " in " + AwsProxy.REGION);
    assertThat(good.out())
        .contains(id + " can build Mercurial")
        .containsPattern("hg +ok +Mercurial Distributed SCM")
        .doesNotContain("MISSING");

    DriveC drive = aws.driveC(id);
    Files.delete(drive.path("C:\\Program Files\\Amazon\\EC2Launch\\EC2Launch.exe"));
    Files.delete(drive.path("C:\\Windows\\settings\\hgauto-ssh"));
    Files.delete(drive.path("C:\\hgdev\\python314-x64\\python.exe"));
    drive.write(
        "C:\\Windows\\settings\\DefaultShell", "C:\\bash.exe".getBytes(StandardCharsets.UTF_8));
    drive.append("C:\\hgdev\\src\\.hg\\hgrc", "publish = True\n".getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(
        drive.path("C:\\ProgramData\\ssh\\administrators_authorized_keys"),
        PosixFilePermissions.fromString("rw-r--r--"));
    Result wrong = check(id);
    assertThat(wrong.exitCode()).as(wrong.out() + wrong.err()).isEqualTo(1);
    List<WindowsHostPoint> missing =
        List.of(
            WindowsHostPoint.EC2LAUNCH,
            WindowsHostPoint.FIREWALL,
            WindowsHostPoint.DEFAULT_SHELL,
            WindowsHostPoint.ADMIN_KEYS,
            WindowsHostPoint.PUBLISHING,
            WindowsHostPoint.PYTHON);
    assertThat(wrong.out())
        .contains(missing.stream().map(it -> "  " + it.id() + ": " + it.mend() + "\n").toList())
        .contains(id + " cannot build Mercurial yet.");

    Result json = check(id, "--json");
    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(new Gson().fromJson(json.out(), HostCheckReport.class).points())
        .filteredOn(point -> point.required() && !point.holds())
        .extracting(HostCheckReport.Point::id)
        .containsExactlyElementsOf(missing.stream().map(WindowsHostPoint::id).toList());
  }

  @Test
  void whatCannotBeCheckedIsToldWithWhatToDo() throws Exception {
    Result unknown = check("i-0123456789abcdef0");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("there is no instance i-0123456789abcdef0 in " + AwsProxy.REGION, "--aws-region");
    Result elsewhere = check("i-0123456789abcdef0", "--aws-region", "eu-north-1");
    assertThat(elsewhere.err()).contains("there is no instance i-0123456789abcdef0 in eu-north-1");

    String linux =
        ec2.runInstances(r -> r.imageId(AwsProxy.DEBIAN).minCount(1).maxCount(1))
            .instances()
            .get(0)
            .instanceId();
    Result other = check(linux);
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("is not a Windows machine", "check-host ssh://hg@");

    String windows = launch(AwsProxy.WINDOWS, PROFILE);
    aws.machine(windows).awaitBoot();
    aws.commands().loseConnection(windows);
    Result offline = check(windows);
    assertThat(offline.exitCode()).isEqualTo(3);
    assertThat(offline.err()).contains("its agent is ConnectionLost", "AmazonSSMAgent");
    ec2.terminateInstances(r -> r.instanceIds(windows));
    Result ended = check(windows);
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.err()).contains("is not running", "it is terminated");
  }
}
