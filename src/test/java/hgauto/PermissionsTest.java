package hgauto;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.aws.Account;
import hgauto.aws.Owner;
import hgauto.aws.ensure.Blueprint;
import hgauto.aws.ensure.CheckIp;
import hgauto.aws.ensure.Cidr;
import hgauto.aws.ensure.Ensure;
import hgauto.aws.image.BaseImage;
import hgauto.aws.image.OwnImages;
import hgauto.aws.image.PublicImages;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.Lease;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.aws.lease.LinuxUserData;
import hgauto.aws.plan.Scope;
import hgauto.console.Console;
import hgauto.state.StateFolder;
import hgauto.task.ListResources;
import hgauto.task.PurgeResources;
import hgauto.task.TerminateInstances;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
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
  private static final Path PAGE = Path.of("docs/aws-permissions.md");

  /** What AWS demands besides the call that is made: tags of what is created, and a role. */
  private static final Set<String> IMPLIED =
      Set.of("ec2:CreateTags", "iam:PassRole", "iam:TagInstanceProfile", "iam:TagRole");

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
        command("Ensuring Linux machines", PermissionsTest::ensureLinux),
        command("Ensuring Windows machines", PermissionsTest::mendWindows),
        command("Launching machines", PermissionsTest::launch),
        command("Finding and making images", PermissionsTest::images));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commands")
  void thePolicyAllowsJustTheCallsThatAreMade(String section, Calls calls) throws Exception {
    calls.make(this);
    made.addAll(aws.actions());
    made.remove(WITHOUT_PERMISSION);
    Set<String> allowed = actions(policies(section));
    allowed.removeAll(IMPLIED);
    assertThat(made).isEqualTo(allowed);
  }

  @Test
  void submittingNeedsNothingButTheFunction() throws IOException {
    assertThat(actions(policies("hgauto try"))).containsExactly("lambda:InvokeFunction");
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
    assertThat(actions(policies(""))).containsAll(called);
  }

  @Test
  void everyPolicyIsWholeAndTheWidestOnesAreNarrow() throws IOException {
    for (JsonObject statement : policies("")) {
      assertThat(statement.get("Sid").getAsString()).matches("[A-Za-z0-9]+");
      assertThat(statement.get("Effect").getAsString()).isEqualTo("Allow");
      List<String> resources = strings(statement.get("Resource"));
      for (String action : strings(statement.get("Action"))) {
        assertThat(action).matches("[a-z0-9]+:[A-Z][A-Za-z]+");
        if (action.startsWith("iam:")) {
          assertThat(resources)
              .singleElement()
              .asString()
              .matches("arn:aws:iam::\\*:(role/hg-ephemeral-ec2-role-1|instance-profile/hg-.*-1)");
        } else if (!action.startsWith("ec2:Describe")) {
          assertThat(resources).doesNotContain("*");
        }
      }
      if (strings(statement.get("Action")).contains("ec2:TerminateInstances")
          || strings(statement.get("Action")).contains("ec2:CreateTags")) {
        assertThat(statement.has("Condition")).isTrue();
      }
    }
  }

  /**
   * What a statement must name for AWS to allow the action: every type of resource that AWS looks
   * at in the requests that we make, by its service authorization reference.
   */
  private static final Map<String, Set<String>> NEEDED =
      Map.ofEntries(
          needs("ec2:AuthorizeSecurityGroupIngress", "security-group"),
          needs("ec2:CreateImage", "image", "instance", "snapshot"),
          needs("ec2:CreateSecurityGroup", "security-group", "vpc"),
          needs("ec2:CreateTags", "*"),
          needs("ec2:DeleteKeyPair", "key-pair"),
          needs("ec2:DeleteSecurityGroup", "security-group"),
          needs("ec2:DeleteSnapshot", "snapshot"),
          needs("ec2:DeleteVolume", "volume"),
          needs("ec2:DeregisterImage", "image"),
          needs("ec2:ImportKeyPair", "key-pair"),
          needs("ec2:ModifyInstanceMetadataOptions", "instance"),
          needs("ec2:RevokeSecurityGroupIngress", "security-group"),
          needs(
              "ec2:RunInstances",
              "image",
              "instance",
              "key-pair",
              "network-interface",
              "security-group",
              "snapshot",
              "subnet",
              "volume"),
          needs("ec2:TerminateInstances", "instance"),
          needs("ec2:UpdateSecurityGroupRuleDescriptionsIngress", "security-group"),
          needs("iam:AddRoleToInstanceProfile", "instance-profile"),
          needs("iam:CreateInstanceProfile", "instance-profile"),
          needs("iam:CreateRole", "role"),
          needs("iam:DeleteInstanceProfile", "instance-profile"),
          needs("iam:DeleteRole", "role"),
          needs("iam:DeleteRolePolicy", "role"),
          needs("iam:DetachRolePolicy", "role"),
          needs("iam:GetInstanceProfile", "instance-profile"),
          needs("iam:GetRole", "role"),
          needs("iam:GetRolePolicy", "role"),
          needs("iam:ListAttachedRolePolicies", "role"),
          needs("iam:ListInstanceProfilesForRole", "role"),
          needs("iam:ListRolePolicies", "role"),
          needs("iam:PassRole", "role"),
          needs("iam:PutRolePolicy", "role"),
          needs("iam:RemoveRoleFromInstanceProfile", "instance-profile"),
          needs("iam:TagInstanceProfile", "instance-profile"),
          needs("iam:TagRole", "role"),
          needs("iam:UpdateAssumeRolePolicy", "role"),
          needs("lambda:InvokeFunction", "function"),
          needs("ssm:GetParameters", "parameter"));

  private static Map.Entry<String, Set<String>> needs(String action, String... types) {
    return Map.entry(action, Set.of(types));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "hgauto try",
        "hgauto list-ec2-resources",
        "hgauto terminate-ec2-instances",
        "hgauto purge-ec2-resources",
        "Ensuring Linux machines",
        "Ensuring Windows machines",
        "Launching machines",
        "Finding and making images"
      })
  void everyActionIsAllowedOnAllThatItTouches(String section) throws IOException {
    Map<String, Set<String>> allowed = new TreeMap<>();
    for (JsonObject statement : policies(section)) {
      for (String action : strings(statement.get("Action"))) {
        if (!action.startsWith("ec2:Describe")) {
          strings(statement.get("Resource"))
              .forEach(
                  arn ->
                      allowed
                          .computeIfAbsent(action, it -> new TreeSet<>())
                          .add(arn.split(":", 6)[5].split("[:/]", 2)[0]));
        }
      }
    }
    assertThat(NEEDED).containsKeys(allowed.keySet().toArray(String[]::new));
    assertThat(allowed)
        .allSatisfy((action, types) -> assertThat(types).containsAll(NEEDED.get(action)));
  }

  /** A name in the place of any other * would shut people out of what they share. */
  @Test
  void thePageNamesTheStatementsThatMayLimitAPersonToTheirOwn() throws IOException {
    Set<String> limitable = new TreeSet<>();
    for (JsonObject statement : policies("")) {
      JsonElement condition = statement.get("Condition");
      if (condition != null && condition.toString().contains("hgauto:owner\":\"*\"")) {
        limitable.add(statement.get("Sid").getAsString());
      }
    }
    String words = Files.readString(PAGE).replaceAll("\\s+", " ");
    String list = words.substring(words.indexOf("in the statements"), words.indexOf(", and give"));
    Set<String> named = new TreeSet<>();
    Pattern.compile("`(\\w+)`").matcher(list).results().forEach(it -> named.add(it.group(1)));
    limitable.removeAll(Set.of("SayWhoMayConnect", "RemoveOurKeyPairsById"));
    assertThat(named).isEqualTo(limitable);
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
    new PublicImages(account).newest(BaseImage.DEBIAN_12);
    OwnImages own = new OwnImages(account, Owner.here(), time.poll(), told -> {});
    own.make(aws.contents().putInstance(it -> {}), "hg-linux-dev-debian12", "0a1b2c3d4e");
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

  /** The statements of the policies under that heading; under all headings if it is empty. */
  private static List<JsonObject> policies(String section) throws IOException {
    List<JsonObject> statements = new ArrayList<>();
    for (String part : Files.readString(PAGE).split("(?m)^## ", -1)) {
      if (section.isEmpty() || part.startsWith(section + "\n")) {
        Pattern.compile("(?s)```json\n(.*?)```")
            .matcher(part)
            .results()
            .map(PermissionsTest::policy)
            .forEach(policy -> policy.forEach(it -> statements.add(it.getAsJsonObject())));
      }
    }
    assertThat(statements).describedAs("policies of \"%s\"", section).isNotEmpty();
    return statements;
  }

  private static Iterable<JsonElement> policy(MatchResult block) {
    JsonObject policy = JsonParser.parseString(block.group(1)).getAsJsonObject();
    assertThat(policy.get("Version").getAsString()).isEqualTo("2012-10-17");
    return policy.getAsJsonArray("Statement");
  }

  private static Set<String> actions(List<JsonObject> statements) {
    return statements.stream()
        .flatMap(statement -> strings(statement.get("Action")).stream())
        .collect(toCollection(TreeSet::new));
  }

  private static List<String> strings(JsonElement oneOrMore) {
    return oneOrMore.isJsonArray()
        ? oneOrMore.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList()
        : List.of(oneOrMore.getAsString());
  }
}
