package hgauto.aws.ensure;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.SecurityGroup.IngressRule;
import hgauto.aws.inventory.Sweep;
import hgauto.aws.plan.KeyFingerprints;
import hgauto.aws.plan.Outcome;
import hgauto.machine.SshKey;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.aws.Fault;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;

/** Ensures by the SDK's own clients, which repeat calls, in an account that moto plays. */
class EnsureOnMotoTest {
  private static final String ROLE = "hg-ephemeral-ec2-role-1";
  private static final SshKey KEY = SshKey.generate();

  static final List<String> CHANGES =
      List.of(
          "ec2:ImportKeyPair",
          "ec2:CreateSecurityGroup",
          "ec2:AuthorizeSecurityGroupIngress",
          "iam:CreateRole",
          "iam:PutRolePolicy",
          "iam:CreateInstanceProfile",
          "iam:AddRoleToInstanceProfile");

  static final List<String> CALLS =
      Stream.concat(
              CHANGES.stream(),
              Stream.of(
                  "ec2:DescribeKeyPairs",
                  "ec2:DescribeSecurityGroups",
                  "ec2:DescribeSubnets",
                  "iam:GetInstanceProfile",
                  "iam:GetRole",
                  "iam:ListAttachedRolePolicies",
                  "iam:ListRolePolicies"))
          .toList();

  @TempDir private Path keys;

  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final AwsProxy aws = new AwsProxy();

  @BeforeEach
  void saveKey() {
    KEY.save(keys);
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  @Test
  void theSecondTimeNothingIsChanged() throws InterruptedException {
    Ensured first = ensure();
    assertComplete(first);
    aws.forgetCalls();
    outcomes.clear();
    assertThat(ensure()).isEqualTo(first);
    assertThat(outcomes).isEmpty();
    assertThat(aws.actions()).doesNotContainAnyElementsOf(CHANGES).hasSize(8);
  }

  @Test
  void whatAutomationPyMadeIsMended() throws InterruptedException {
    Ec2Client ec2 = aws.clients().ec2(AwsProxy.REGION);
    String group =
        ec2.createSecurityGroup(r -> r.groupName("hg-windows-dev-1").description("old")).groupId();
    ec2.authorizeSecurityGroupIngress(
        r ->
            r.groupId(group)
                .ipPermissions(
                    EnsureScene.open(22, 22, "SSH from entire Internet"),
                    EnsureScene.open(3389, 3389, "RDP from entire Internet"),
                    EnsureScene.open(
                        5985, 5986, "PowerShell Remoting (Windows Remote Management)")));
    IamClient iam = aws.clients().iam();
    iam.createRole(r -> r.roleName(ROLE).assumeRolePolicyDocument("{\"Statement\": []}"));
    iam.attachRolePolicy(
        r ->
            r.roleName(ROLE).policyArn("arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"));
    ec2.importKeyPair(
        r ->
            r.keyName("hg-automation")
                .publicKeyMaterial(SdkBytes.fromUtf8String(KEY.publicLine())));
    assertComplete(ensure());
    outcomes.clear();
    ensure();
    assertThat(outcomes).isEmpty();
  }

  /** The SDK repeats the call, and what the first one made is in its way. */
  @ParameterizedTest
  @FieldSource("CHANGES")
  void aLostAnswerDoesNoHarm(String action) throws InterruptedException {
    aws.onCall(action, 1, Fault.ANSWER_LOST);
    assertComplete(ensure());
    assertThat(outcomes).noneMatch(Outcome::failed);
  }

  @ParameterizedTest
  @FieldSource("CALLS")
  void aCallThatIsThrottledThreeTimesDoesNoHarm(String action) throws InterruptedException {
    aws.onCalls(action, 1, 3, Fault.THROTTLED);
    assertComplete(ensure());
  }

  @ParameterizedTest
  @FieldSource("CALLS")
  void aBrokenConnectionDoesNoHarm(String action) throws InterruptedException {
    aws.onCall(action, 1, Fault.DROPPED_BEFORE);
    assertComplete(ensure());
  }

  @ParameterizedTest
  @FieldSource("hgauto.aws.ensure.EnsureTest#MENDS")
  void aLostAnswerToACallThatMendsDoesNoHarm(String action) throws InterruptedException {
    mends(() -> aws.onCall(action, 1, Fault.ANSWER_LOST));
  }

  @ParameterizedTest
  @FieldSource("hgauto.aws.ensure.EnsureTest#MENDS")
  void aBrokenConnectionWhileMendingDoesNoHarm(String action) throws InterruptedException {
    mends(() -> aws.onCall(action, 1, Fault.DROPPED_BEFORE));
  }

  @Test
  void aThrottledLookAtAPolicyDoesNoHarm() throws InterruptedException {
    mends(() -> aws.onCalls("iam:GetRolePolicy", 1, 3, Fault.THROTTLED));
  }

  private void mends(Runnable fault) throws InterruptedException {
    EnsureScene.spoil(
        aws.clients().ec2(AwsProxy.REGION), aws.clients().iam(), ensure().securityGroupId());
    outcomes.clear();
    fault.run();
    ensure();
    assertThat(outcomes).noneMatch(Outcome::failed);
    outcomes.clear();
    ensure();
    assertThat(outcomes).isEmpty();
  }

  private Ensured ensure() throws InterruptedException {
    return new Ensure(aws.account(), new Sleepless().poll(), keys, CheckIp.AWS)
        .run(
            new Ensure.Request(
                Blueprint.WINDOWS,
                AwsProxy.REGION,
                "ann@laptop",
                Set.of(Cidr.of("203.0.113.7").orElseThrow()),
                Optional.empty()),
            plan -> {},
            outcomes::add);
  }

  private void assertComplete(Ensured ensured) throws InterruptedException {
    Inventory inventory =
        Sweep.of(
            aws.account(),
            AwsProxy.REGION,
            EnumSet.of(Kind.KEY_PAIRS, Kind.SECURITY_GROUPS, Kind.IAM));
    assertThat(ensured.keyName()).isEqualTo("hg-automation");
    assertThat(inventory.keyPairs())
        .singleElement()
        .satisfies(it -> assertThat(KeyFingerprints.of(KEY)).contains(it.fingerprint()));
    assertThat(inventory.securityGroups())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.id()).isEqualTo(ensured.securityGroupId());
              assertThat(it.rules())
                  .containsExactly(
                      new IngressRule("tcp", 22, 22, "203.0.113.7/32", "hgauto ann@laptop"));
            });
    assertThat(inventory.role().orElseThrow().attachedPolicies()).isEmpty();
    assertThat(inventory.role().orElseThrow().inlinePolicies())
        .containsOnlyKeys("hgauto-ssm-agent");
    assertThat(inventory.instanceProfile().orElseThrow().roles()).containsExactly(ROLE);
  }
}
