package hgauto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonObject;
import hgauto.aws.Account;
import hgauto.aws.Owner;
import hgauto.aws.ensure.Blueprint;
import hgauto.aws.ensure.CheckIp;
import hgauto.aws.ensure.Cidr;
import hgauto.aws.ensure.Ensure;
import hgauto.aws.image.OwnImages;
import hgauto.aws.image.PublicImages;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.Lease;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.aws.lease.LinuxUserData;
import hgauto.aws.plan.Scope;
import hgauto.aws.ssm.ManagedInstances;
import hgauto.aws.ssm.PowerShellCommand;
import hgauto.aws.ssm.RunCommand;
import hgauto.console.Console;
import hgauto.linux.Distros;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.task.CheckWindowsHost;
import hgauto.task.ListResources;
import hgauto.task.PurgeResources;
import hgauto.task.TerminateInstances;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.CommandOutcome;
import hgauto.testbed.aws.FakeAccount;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Compares docs/aws-permissions.md with the calls that commands make. */
class PermissionsTest {
  /** What AWS demands besides the call that is made: tags of what is created, and roles. */
  private static final Set<String> IMPLIED =
      Set.of(
          "ec2:CreateTags",
          "iam:CreateServiceLinkedRole",
          "iam:PassRole",
          "iam:TagInstanceProfile",
          "iam:TagRole");

  private static final String WITHOUT_PERMISSION = "sts:GetCallerIdentity";

  private static final String ROLE = "hg-ephemeral-ec2-role-1";
  private static final String PROFILE = "hg-ephemeral-ec2-1";
  private static final String FORMER = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";

  @TempDir private Path folder;

  private final FakeAccount aws = new FakeAccount();
  private final Account account = aws.account();
  private final Sleepless time = new Sleepless();
  private final Console console =
      new Console(
          new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), false, false);
  private final Set<String> made = new TreeSet<>();
  private StateFolder state;

  /** Makes the calls of a command, all that it may have to make. */
  private interface Calls {
    void make(PermissionsTest test) throws Exception;
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  @BeforeEach
  void findState() {
    state = new StateFolder(folder.resolve("state"));
  }

  static Stream<Arguments> commands() {
    return Stream.of(
        command("hgauto list-ec2-resources", PermissionsTest::list),
        command("hgauto terminate-ec2-instances", PermissionsTest::terminate),
        command("hgauto purge-ec2-resources", PermissionsTest::purge),
        command("hgauto check-host", PermissionsTest::checkWindowsHost),
        command("Ensuring Linux machines", PermissionsTest::ensureLinux),
        command("Ensuring Windows machines", PermissionsTest::mendWindows),
        command("Launching machines", PermissionsTest::launch),
        command("Running scripts on Windows machines", PermissionsTest::runScripts),
        command("Finding and making images", PermissionsTest::images));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commands")
  void thePolicyAllowsJustTheCallsThatAreMade(String section, Calls calls) throws Exception {
    calls.make(this);
    made.addAll(aws.actions());
    made.remove(WITHOUT_PERMISSION);
    Set<String> allowed = PermissionsPage.actions(PermissionsPage.policies(section));
    allowed.removeAll(IMPLIED);
    assertThat(made).isEqualTo(allowed);
  }

  /** What they call is compared with it where they run, on machines. */
  @ParameterizedTest
  @ValueSource(strings = {"hgauto bootstrap-linux-dev", "hgauto run-tests-linux"})
  void commandsThatLaunchNameTheSectionsWithWhatTheyCall(String command) throws IOException {
    assertThat(PermissionsPage.actionsOf(command))
        .contains("ec2:ImportKeyPair", "ec2:RunInstances", "ec2:CreateImage", "ssm:GetParameters")
        .doesNotContain("iam:CreateRole");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hgauto bootstrap-windows-dev", "hgauto run-tests-windows"})
  void commandsThatLaunchWindowsMachinesDoSoToo(String command) throws IOException {
    assertThat(PermissionsPage.actionsOf(command))
        .contains("iam:CreateRole", "ec2:RunInstances", "ec2:CreateImage", "ssm:SendCommand");
  }

  @Test
  void submittingNeedsNothingButTheFunction() throws IOException {
    assertThat(PermissionsPage.actions(PermissionsPage.policies("hgauto try")))
        .containsExactly("lambda:InvokeFunction");
  }

  /** A call that is added to the code must be added to the page. */
  @Test
  void everyCallInTheSourcesIsOnThePage() throws IOException {
    Pattern action = Pattern.compile("\"((?:ec2|iam|ssm|lambda):[A-Z][A-Za-z]+)\"");
    Set<String> called = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(it -> it.toString().endsWith(".java")).toList()) {
        action.matcher(Files.readString(source)).results().forEach(it -> called.add(it.group(1)));
      }
    }
    assertThat(called).isNotEmpty();
    assertThat(PermissionsPage.actions(PermissionsPage.policies(""))).containsAll(called);
  }

  /** What it calls does not count. */
  private void prepare(Work work) throws InterruptedException {
    made.addAll(aws.actions());
    work.run();
    aws.forgetCalls();
  }

  private void list() throws InterruptedException {
    prepare(this::ensureWindows);
    putExpired();
    new ListResources(console, account, new LeaseJournal(state.leases()), time.poll()).run(true);
  }

  private void terminate() throws InterruptedException {
    putExpired();
    new TerminateInstances(console, account, new LeaseJournal(state.leases()), time.poll())
        .run(new TerminateInstances.Request(everything(), true, false));
  }

  private void purge() throws InterruptedException {
    prepare(this::ensureWindows);
    prepare(() -> aws.iam().attachRolePolicy(r -> r.roleName(ROLE).policyArn(FORMER)));
    putExpired();
    aws.contents().putImage("hg-linux-dev-debian12", image -> image.tags(ours()));
    aws.contents().putSnapshot(snapshot -> snapshot.tags(ours()));
    aws.contents().putVolume(volume -> volume.tags(ours()));
    new PurgeResources(console, account, new LeaseJournal(state.leases()), time.poll())
        .run(new PurgeResources.Request(everything(), true, state.keys(), false, false, true));
  }

  /** First all is made, then a rule of another time is replaced, and shared by another person. */
  private void ensureLinux() throws InterruptedException {
    ensure(Blueprint.LINUX, "203.0.113.7");
    ensure(Blueprint.LINUX, "203.0.113.8");
    ensure(Blueprint.LINUX, "203.0.113.8", "bob@desk");
  }

  private void mendWindows() throws InterruptedException {
    ensureWindows();
    prepare(
        () -> {
          aws.iam().attachRolePolicy(r -> r.roleName(ROLE).policyArn(FORMER));
          aws.iam().updateAssumeRolePolicy(r -> r.roleName(ROLE).policyDocument("{}"));
          aws.iam().createRole(r -> r.roleName("other").assumeRolePolicyDocument("{}"));
          aws.iam()
              .removeRoleFromInstanceProfile(r -> r.instanceProfileName(PROFILE).roleName(ROLE));
          aws.iam().addRoleToInstanceProfile(r -> r.instanceProfileName(PROFILE).roleName("other"));
        });
    ensure(Blueprint.WINDOWS, "203.0.113.8");
    ensure(Blueprint.WINDOWS, "203.0.113.8", "bob@desk");
  }

  private void launch() throws InterruptedException {
    prepare(this::ensureWindows);
    aws.behaviour().refuseLaunches("t3.medium", null, "InsufficientInstanceCapacity");
    Leases leases =
        new Leases(
            account,
            new LeaseJournal(state.leases()),
            "run-1",
            time.poll(),
            told -> {},
            last -> {});
    LaunchRequest request =
        new LaunchRequest(
            "hg-linux-dev",
            aws.contents().putImage("base", it -> {}),
            List.of("t3.medium", "t3.large"),
            "hg-automation",
            List.of(aws.contents().group("hg-windows-dev-1").groupId()),
            Optional.of(PROFILE),
            Optional.empty(),
            false,
            List.of(new Disk("/dev/sda1", 12)),
            Duration.ofHours(1),
            new LinuxUserData());
    try (Lease lease = leases.launch(request)) {
      lease.awaitRunning();
      lease.turnOffMetadata();
    }
  }

  private void images() throws InterruptedException {
    String base = aws.contents().putImage("base", image -> {});
    aws.contents().putParameter("/aws/service/debian/release/12/latest/amd64", base);
    new PublicImages(account).newest(Distros.known().named("debian12").series());
    OwnImages own = new OwnImages(account, Owner.here(), time.poll(), told -> {});
    own.make(aws.contents().putInstance(it -> {}), "hg-linux-dev-debian12", "0a1b2c3d4e");
  }

  private void runScripts() throws InterruptedException {
    String id = "i-0123456789abcdef0";
    Duration minute = Duration.ofMinutes(1);
    aws.setClock(time);
    aws.commands().putOnline(id);
    new ManagedInstances(account, time.poll()).awaitOnline(id, () -> {}, minute);
    aws.commands().answer(sent -> CommandOutcome.exit(0, "", "").taking(Duration.ofHours(1)));
    PowerShellCommand command = PowerShellCommand.of("say", "'hello'", new JsonObject());
    assertThatThrownBy(
            () -> new RunCommand(account, interrupted()).run(id, command, minute, () -> {}))
        .isInstanceOf(InterruptedException.class);
  }

  private void checkWindowsHost() {
    String id = aws.contents().putInstance(instance -> instance.platform("windows"));
    aws.setClock(time);
    aws.commands().putOnline(id);
    aws.commands().answer(sent -> CommandOutcome.exit(0, "", "").taking(Duration.ofHours(1)));
    assertThatThrownBy(() -> new CheckWindowsHost(console, account, interrupted()).run(id))
        .isInstanceOf(InterruptedException.class);
  }

  /** Where it is waited, as for the end of a command, which is cancelled then. */
  private Poll interrupted() {
    return new Poll(
        time,
        pause -> {
          throw new InterruptedException("so that it is cancelled");
        });
  }

  private void ensureWindows() throws InterruptedException {
    ensure(Blueprint.WINDOWS, "203.0.113.7");
  }

  private void ensure(Blueprint blueprint, String from) throws InterruptedException {
    ensure(blueprint, from, Owner.here());
  }

  private void ensure(Blueprint blueprint, String from, String owner) throws InterruptedException {
    new Ensure(account, time.poll(), state.keys(), CheckIp.AWS)
        .run(
            new Ensure.Request(
                blueprint,
                FakeAccount.REGION,
                owner,
                Set.of(Cidr.of(from).orElseThrow()),
                Optional.empty()),
            plan -> {},
            told -> {});
  }

  private void putExpired() {
    aws.contents()
        .putInstance(
            instance -> instance.tags(ours(), tag("hgauto:expires", "2026-01-01T00:00:00Z")));
  }

  private static Scope everything() {
    return new Scope(Owner.here(), true, Optional.empty());
  }

  private static Tag ours() {
    return tag(Owner.TAG, Owner.here());
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static Arguments command(String section, Calls calls) {
    return arguments(section, calls);
  }
}
