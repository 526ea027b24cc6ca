package hgauto.aws.ensure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.aws.inventory.Inventory;
import hgauto.aws.plan.KeyFingerprints;
import hgauto.aws.plan.Outcome;
import hgauto.error.EnvironmentException;
import hgauto.machine.SshKey;
import hgauto.testbed.aws.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

class EnsureTest {
  /** What mends what {@link EnsureScene#spoil} spoils, besides what makes things, too. */
  static final List<String> MENDS =
      List.of(
          "ec2:RevokeSecurityGroupIngress",
          "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
          "iam:AddRoleToInstanceProfile",
          "iam:DetachRolePolicy",
          "iam:PutRolePolicy",
          "iam:RemoveRoleFromInstanceProfile",
          "iam:UpdateAssumeRolePolicy");

  @TempDir private Path folder;

  private EnsureScene scene;

  @BeforeEach
  void begin() throws IOException {
    scene = new EnsureScene(folder);
  }

  @Test
  void aFreshAccountGetsWhatLinuxNeedsAndNoMore() throws InterruptedException {
    Ensured ensured = scene.ann(Blueprint.LINUX);
    assertThat(ensured.keyName()).isEqualTo("hg-automation");
    assertThat(ensured.profileName()).isEmpty();
    SecurityGroup group = scene.group(EnsureScene.WEST, "hg-linux-dev-1");
    assertThat(ensured.securityGroupId()).isEqualTo(group.groupId());
    assertThat(EnsureScene.rules(group))
        .containsExactly("tcp 22-22 203.0.113.7/32 hgauto ann@laptop");
    assertThat(scene.aws.roles()).isEmpty();
    assertThat(scene.aws.profiles()).isEmpty();
    assertThat(scene.aws.actions())
        .containsExactlyInAnyOrder(
            "ec2:DescribeKeyPairs",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:ImportKeyPair",
            "ec2:CreateSecurityGroup",
            "ec2:AuthorizeSecurityGroupIngress");
  }

  @Test
  void aFreshAccountGetsWhatWindowsNeeds() throws InterruptedException {
    assertThat(scene.ann(Blueprint.WINDOWS).profileName()).contains("hg-ephemeral-ec2-1");
    Inventory inventory = scene.sweep(EnsureScene.WEST);
    assertThat(inventory.role().orElseThrow().attachedPolicies()).isEmpty();
    assertThat(inventory.role().orElseThrow().inlinePolicies())
        .containsOnlyKeys("hgauto-ssm-agent");
    assertThat(inventory.instanceProfile().orElseThrow().roles())
        .containsExactly("hg-ephemeral-ec2-role-1");
    assertThat(inventory.all())
        .hasSize(4)
        .allSatisfy(it -> assertThat(it.ownership()).isEqualTo(EnsureScene.owned(EnsureScene.ANN)));
  }

  @Test
  void theSecondTimeNothingIsChangedAndNobodyIsTold() throws InterruptedException {
    for (Blueprint blueprint : List.of(Blueprint.LINUX, Blueprint.WINDOWS)) {
      Ensured first = scene.ann(blueprint);
      scene.planned.clear();
      scene.aws.forgetCalls();
      assertThat(scene.ann(blueprint)).isEqualTo(first);
      assertThat(scene.aws.actions()).isSubsetOf(EnsureScene.LOOKS).doesNotHaveDuplicates();
      assertThat(scene.planned).isEmpty();
    }
  }

  @Test
  void whatIsCarriedOutIsWhatWasPlanned() throws InterruptedException {
    scene.ann(Blueprint.WINDOWS);
    assertThat(scene.outcomes)
        .extracting(Outcome::change)
        .containsExactlyInAnyOrderElementsOf(scene.planned)
        .hasSize(5);
  }

  @Test
  void aMissingKeyIsMadeAndSaved() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    scene.ensure(empty, EnsureScene.ANN, EnsureScene.WEST, Blueprint.LINUX, "203.0.113.7");
    SshKey key = SshKey.in(empty).orElseThrow();
    assertThat(KeyFingerprints.of(key))
        .contains(scene.keyPair(EnsureScene.WEST, "hg-automation").keyFingerprint());
  }

  @Test
  void aDamagedKeyIsAnErrorAndNothingIsChanged() throws IOException {
    Files.writeString(scene.annsKeys.resolve("keypair-automation"), "junk");
    assertThatThrownBy(() -> scene.ann(Blueprint.WINDOWS))
        .hasMessageContaining(scene.annsKeys.resolve("keypair-automation").toString());
    assertThat(scene.aws.actions()).isSubsetOf(EnsureScene.LOOKS);
  }

  @Test
  void anUnknownAddressIsAnErrorThatNamesTheOptionAndNothingIsChanged() {
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () ->
                scene.run(
                    scene.annsKeys,
                    EnsureScene.ANN,
                    EnsureScene.WEST,
                    Blueprint.LINUX,
                    Set.of(),
                    Optional.empty()));
    assertThat(failure.next()).contains("--ssh-from");
    assertThat(scene.aws.actions()).isSubsetOf(EnsureScene.LOOKS);
  }

  @Test
  void whatAutomationPyMadeIsKeptAndMended() throws InterruptedException {
    String fingerprint = KeyFingerprints.of(EnsureScene.ANNS_KEY).iterator().next();
    scene.aws.contents().putKeyPair("hg-automation", fingerprint, key -> {});
    String group = scene.aws.contents().group("hg-windows-dev-1").groupId();
    scene
        .aws
        .contents()
        .changeGroup(
            group,
            it ->
                it.ipPermissions(
                    EnsureScene.open(22, 22, "SSH from entire Internet"),
                    EnsureScene.open(3389, 3389, "RDP from entire Internet"),
                    EnsureScene.open(5985, 5986, "PowerShell Remoting (Windows Remote Management)"),
                    EnsureScene.open(8080, 8080, "SSH")));
    scene.ann(Blueprint.WINDOWS);
    scene
        .aws
        .iam()
        .attachRolePolicy(r -> r.roleName("hg-ephemeral-ec2-role-1").policyArn(EnsureScene.FORMER));
    scene
        .aws
        .iam()
        .deleteRolePolicy(
            r -> r.roleName("hg-ephemeral-ec2-role-1").policyName("hgauto-ssm-agent"));
    scene
        .aws
        .iam()
        .updateAssumeRolePolicy(
            r -> r.roleName("hg-ephemeral-ec2-role-1").policyDocument("{\"Statement\":[]}"));
    Ensured ensured = scene.ann(Blueprint.WINDOWS);
    assertThat(ensured.keyName()).isEqualTo("hg-automation");
    assertThat(ensured.securityGroupId()).isEqualTo(group);
    assertThat(EnsureScene.rules(scene.group(EnsureScene.WEST, "hg-windows-dev-1")))
        .containsExactlyInAnyOrder(
            "tcp 22-22 203.0.113.7/32 hgauto ann@laptop", "tcp 8080-8080 0.0.0.0/0 SSH");
    assertThat(scene.sweep(EnsureScene.WEST).role().orElseThrow().attachedPolicies()).isEmpty();
    scene.planned.clear();
    scene.ann(Blueprint.WINDOWS);
    assertThat(scene.planned).isEmpty();
  }

  @Test
  void aNewAddressTakesThePlaceOfTheOldOneAndOnlyOfOurs() throws InterruptedException {
    scene.ann(Blueprint.LINUX);
    scene.bob(Blueprint.LINUX);
    scene.ensure(
        scene.annsKeys,
        EnsureScene.ANN,
        EnsureScene.WEST,
        Blueprint.LINUX,
        "192.0.2.1/32",
        "2001:db8::/64");
    assertThat(EnsureScene.rules(scene.group(EnsureScene.WEST, "hg-linux-dev-1")))
        .containsExactlyInAnyOrder(
            "tcp 22-22 198.51.100.1/32 hgauto bob@desk",
            "tcp 22-22 192.0.2.1/32 hgauto ann@laptop",
            "tcp 22-22 2001:db8:0:0:0:0:0:0/64 hgauto ann@laptop");
  }

  @Test
  void rulesThatVanishBeforeWeCloseThemAreAsGood() throws InterruptedException {
    String group = scene.aws.contents().group("hg-linux-dev-1").groupId();
    scene
        .aws
        .contents()
        .changeGroup(
            group, it -> it.ipPermissions(EnsureScene.open(22, 22, "SSH from entire Internet")));
    scene.aws.onCall(
        "ec2:RevokeSecurityGroupIngress",
        Fault.before(
            () -> scene.aws.contents().changeGroup(group, it -> it.ipPermissions(List.of()))));
    scene.ann(Blueprint.LINUX);
    assertThat(scene.outcomes)
        .extracting(Outcome::result)
        .containsExactlyInAnyOrder(
            Outcome.Result.DONE, Outcome.Result.DONE, Outcome.Result.ALREADY);
  }

  @Test
  void aGroupThatIsNotKnownEverywhereYetIsWaitedFor() throws InterruptedException {
    scene.aws.behaviour().groupsHiddenFor(3);
    scene.ann(Blueprint.LINUX);
    assertThat(EnsureScene.rules(scene.group(EnsureScene.WEST, "hg-linux-dev-1"))).hasSize(1);
    assertThat(scene.time.slept()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec2:DescribeKeyPairs",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:ImportKeyPair",
        "ec2:CreateSecurityGroup",
        "ec2:AuthorizeSecurityGroupIngress",
        "iam:GetRole",
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "iam:CreateInstanceProfile",
        "iam:AddRoleToInstanceProfile"
      })
  void aRefusedCallIsNamedWithItsRemedyAndTheNextRunMendsAll(String action)
      throws InterruptedException {
    scene.aws.onCall(action, Fault.FORBIDDEN);
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> scene.ann(Blueprint.WINDOWS));
    assertThat(failure.what() + failure.why()).contains(action);
    assertThat(failure.next()).contains("Allow " + action).contains("docs/aws-permissions.md");
    assertThat(scene.time.slept()).isZero();
    scene.aws.withoutFaults();
    scene.ann(Blueprint.WINDOWS);
    scene.planned.clear();
    scene.ann(Blueprint.WINDOWS);
    assertThat(scene.planned).isEmpty();
  }

  /** As the SDK repeats a call whose answer was lost, and as a person does. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec2:ImportKeyPair",
        "ec2:CreateSecurityGroup",
        "ec2:AuthorizeSecurityGroupIngress",
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "iam:CreateInstanceProfile",
        "iam:AddRoleToInstanceProfile"
      })
  void aLostAnswerIsMendedByTheNextRun(String action) throws InterruptedException {
    scene.aws.onCall(action, 1, Fault.ANSWER_LOST);
    assertThatThrownBy(() -> scene.ann(Blueprint.WINDOWS)).isInstanceOf(EnvironmentException.class);
    scene.ann(Blueprint.WINDOWS);
    scene.planned.clear();
    scene.ann(Blueprint.WINDOWS);
    assertThat(scene.planned).isEmpty();
    assertThat(scene.aws.contents().keyPairs()).hasSize(1);
  }

  @ParameterizedTest
  @FieldSource("MENDS")
  void aRefusedCallThatMendsIsNamedAndTheNextRunMendsAll(String action)
      throws InterruptedException {
    failsToMend(action, Fault.FORBIDDEN, "Allow " + action);
  }

  @Test
  void aRefusedLookAtAPolicyIsNamed() throws InterruptedException {
    failsToMend("iam:GetRolePolicy", Fault.FORBIDDEN, "Allow iam:GetRolePolicy");
  }

  @ParameterizedTest
  @FieldSource("MENDS")
  void aLostAnswerToACallThatMendsIsMendedByTheNextRun(String action) throws InterruptedException {
    failsToMend(action, Fault.ANSWER_LOST, "");
  }

  private void failsToMend(String action, Fault fault, String remedy) throws InterruptedException {
    EnsureScene.spoil(
        scene.aws.ec2(EnsureScene.WEST),
        scene.aws.iam(),
        scene.ann(Blueprint.WINDOWS).securityGroupId());
    scene.aws.onCall(action, 1, fault);
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> scene.ann(Blueprint.WINDOWS));
    assertThat(failure.next()).contains(remedy);
    scene.aws.withoutFaults();
    scene.ann(Blueprint.WINDOWS);
    scene.planned.clear();
    scene.ann(Blueprint.WINDOWS);
    assertThat(scene.planned).isEmpty();
    assertThat(EnsureScene.rules(scene.group(EnsureScene.WEST, "hg-windows-dev-1")))
        .containsExactly("tcp 22-22 203.0.113.7/32 hgauto ann@laptop bob@desk");
  }

  @Test
  void withoutADefaultNetworkTheErrorNamesTheOption() {
    scene.aws.contents().removeDefaultNetwork();
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> scene.ann(Blueprint.LINUX));
    assertThat(failure.next()).contains("--subnet");
    assertThat(scene.aws.actions()).isSubsetOf(EnsureScene.LOOKS);
  }

  @Test
  void aSubnetBringsItsNetwork() throws InterruptedException {
    Ensured inDefault = scene.ann(Blueprint.LINUX);
    String subnet = scene.aws.contents().putSubnet();
    Ensured inOther =
        scene.run(
            scene.annsKeys,
            EnsureScene.ANN,
            EnsureScene.WEST,
            Blueprint.LINUX,
            EnsureScene.ranges("203.0.113.7"),
            Optional.of(subnet));
    assertThat(inOther.securityGroupId()).isNotEqualTo(inDefault.securityGroupId());
    scene.aws.forgetCalls();
    assertThat(
            scene.run(
                scene.annsKeys,
                EnsureScene.ANN,
                EnsureScene.WEST,
                Blueprint.LINUX,
                EnsureScene.ranges("203.0.113.7"),
                Optional.of(subnet)))
        .isEqualTo(inOther);
    assertThat(scene.aws.actions()).isSubsetOf(EnsureScene.LOOKS);
    assertThat(scene.ann(Blueprint.LINUX)).isEqualTo(inDefault);
  }

  @Test
  void aSubnetThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () ->
                scene.run(
                    scene.annsKeys,
                    EnsureScene.ANN,
                    EnsureScene.WEST,
                    Blueprint.LINUX,
                    EnsureScene.ranges("203.0.113.7"),
                    Optional.of("subnet-0bad")))
        .hasMessageContaining("look at subnet subnet-0bad in us-west-2");
  }
}
