package hgauto.aws.plan;

import static hgauto.aws.plan.Things.MINE;
import static hgauto.aws.plan.Things.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.plan.Outcome.Result;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.iam.IamClient;

/** The steps that delete one thing each. */
class DeletionsTest {
  private static final String PROFILE = "hg-ephemeral-ec2-1";
  private static final String ROLE = "hg-ephemeral-ec2-role-1";
  private static final String POLICY = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

  private final FakeAccount fake = new FakeAccount();
  private final Sleepless time = new Sleepless();
  private final IamClient iam = fake.account().clients().iam();

  private Outcome carryOut(Deletion step) throws InterruptedException {
    return step.carryOut(fake.account(), time.poll()).get(0);
  }

  private String putGroup() {
    return fake.contents().group("hg-linux-dev-1").groupId();
  }

  private void putProfileWithRole(String profile) {
    iam.createInstanceProfile(r -> r.instanceProfileName(profile));
    iam.addRoleToInstanceProfile(r -> r.instanceProfileName(profile).roleName(ROLE));
  }

  private void putRole() {
    iam.createRole(r -> r.roleName(ROLE).assumeRolePolicyDocument("{}"));
    iam.attachRolePolicy(r -> r.roleName(ROLE).policyArn(POLICY));
    iam.putRolePolicy(r -> r.roleName(ROLE).policyName("ssm").policyDocument("{}"));
  }

  private static DeleteRole deleteRole() {
    return new DeleteRole(
        new Change("delete", "role", "global", ROLE, ""), List.of(POLICY), List.of("ssm"));
  }

  /** A step of each kind, by its name. */
  private static Deletion step(String kind, String id) {
    return switch (kind) {
      case "snapshot" -> new DeleteSnapshot(Deletion.of("delete", Things.snapshot(id, MINE), NOW));
      case "volume" -> DeleteVolume.of(Things.volume(id, MINE, null), NOW);
      case "group" -> DeleteSecurityGroup.of(Things.group(id, MINE), NOW);
      case "key" ->
          new DeleteKeyPair(
              new Change("delete", "key pair", Things.REGION, id, ""), "hg-automation");
      case "profile" -> DeleteInstanceProfile.of(Things.profile(MINE), NOW);
      default -> deleteRole();
    };
  }

  @Test
  void whatIsThereGoes() throws InterruptedException {
    String snapshot = fake.contents().putSnapshot(s -> {});
    String volume = fake.contents().putVolume(v -> {});
    String group = putGroup();
    fake.contents().putKeyPair("hg-automation", "f", k -> {});
    String key = fake.contents().keyPairs().get(0).keyPairId();
    putRole();
    putProfileWithRole(PROFILE);
    Map<String, String> all = Map.of("volume", volume, "group", group, "key", key, "profile", "");
    for (var thing : all.entrySet()) {
      assertThat(carryOut(step(thing.getKey(), thing.getValue())).result())
          .as(thing.getKey())
          .isEqualTo(Result.DONE);
    }
    assertThat(carryOut(step("snapshot", snapshot)).result()).isEqualTo(Result.DONE);
    assertThat(carryOut(deleteRole()).result()).isEqualTo(Result.DONE);
    assertThat(fake.contents().snapshots()).isEmpty();
    assertThat(fake.contents().volumes()).isEmpty();
    assertThat(fake.contents().keyPairs()).isEmpty();
    assertThat(fake.contents().groups()).noneMatch(it -> it.groupId().equals(group));
    assertThat(fake.profiles()).isEmpty();
    assertThat(fake.roles()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"snapshot, snap-1", "volume, vol-1", "group, sg-1", "profile, ''", "role, ''"})
  void whatIsGoneIsNoFailure(String kind, String id) throws InterruptedException {
    assertThat(carryOut(step(kind, id)).result()).isEqualTo(Result.ALREADY);
  }

  @ParameterizedTest
  @CsvSource({
    "snapshot, snap-1, ec2:DeleteSnapshot, aws ec2 delete-snapshot --region us-west-2 --snapshot-id"
        + " snap-1",
    "volume, vol-1, ec2:DeleteVolume, aws ec2 delete-volume --region us-west-2 --volume-id vol-1",
    "group, sg-1, ec2:DeleteSecurityGroup, aws ec2 delete-security-group --region us-west-2"
        + " --group-id sg-1",
    "key, k, ec2:DeleteKeyPair, aws ec2 delete-key-pair --region us-west-2 --key-pair-id k",
    "profile, '', iam:RemoveRoleFromInstanceProfile, aws iam remove-role-from-instance-profile"
        + " --instance-profile-name hg-ephemeral-ec2-1 --role-name hg-ephemeral-ec2-role-1; aws iam"
        + " delete-instance-profile --instance-profile-name hg-ephemeral-ec2-1",
    "profile, '', iam:DeleteInstanceProfile, ''",
    "role, '', iam:ListInstanceProfilesForRole, aws iam detach-role-policy --role-name"
        + " hg-ephemeral-ec2-role-1 --policy-arn"
        + " arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore; aws iam delete-role-policy"
        + " --role-name hg-ephemeral-ec2-role-1 --policy-name ssm; aws iam delete-role --role-name"
        + " hg-ephemeral-ec2-role-1",
    "role, '', iam:DetachRolePolicy, ''",
    "role, '', iam:DeleteRolePolicy, ''",
    "role, '', iam:DeleteRole, ''"
  })
  void aRefusedCallIsNamedWithTheRemedyAndTheCommand(
      String kind, String id, String action, String byHand) throws InterruptedException {
    putRole();
    fake.onCall(action, Fault.FORBIDDEN);
    Outcome outcome = carryOut(step(kind, id));
    assertThat(outcome.failed()).isTrue();
    assertThat(outcome.why())
        .startsWith("cannot ")
        .containsPattern("\\(" + action + "\\): (UnauthorizedOperation|AccessDenied)");
    assertThat(outcome.next()).startsWith("Allow " + action).endsWith(byHand);
  }

  @Test
  void aGroupIsWaitedForUntilTheInterfacesOfItsInstancesAreGone() throws InterruptedException {
    String group = putGroup();
    fake.onCalls("ec2:DeleteSecurityGroup", 1, 20, Fault.refused("DependencyViolation"));
    assertThat(carryOut(step("group", group)).result()).isEqualTo(Result.DONE);
    assertThat(time.slept()).isEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void aGroupThatStaysInUseRemains() throws InterruptedException {
    String group = putGroup();
    fake.onCall("ec2:DeleteSecurityGroup", Fault.refused("DependencyViolation"));
    Outcome outcome = carryOut(step("group", group));
    assertThat(outcome.failed()).isTrue();
    assertThat(outcome.why()).contains("timed out waiting for", group, "DependencyViolation");
    assertThat(outcome.next())
        .startsWith(
            "See what has it: aws ec2 describe-network-interfaces --region us-west-2 --filters"
                + " Name=group-id,Values="
                + group
                + ". By hand: aws ec2 delete-security-group ");
    assertThat(time.slept()).isLessThanOrEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void aKeyPairThatHasTheNameMeanwhileIsAnother() throws InterruptedException {
    fake.contents().putKeyPair("hg-automation", "f", k -> {});
    carryOut(DeleteKeyPair.of(Things.keyPair("hg-automation", MINE, "f"), NOW));
    assertThat(fake.contents().keyPairs()).hasSize(1);
  }

  @Test
  void aSnapshotThatAnImageUsesIsKept() throws InterruptedException {
    fake.contents().putImage("somebody-elses", i -> {});
    String snapshot = fake.contents().snapshots().get(0).snapshotId();
    Outcome outcome = carryOut(step("snapshot", snapshot));
    assertThat(outcome.result()).isEqualTo(Result.KEPT);
    assertThat(outcome.why()).contains("InvalidSnapshot.InUse");
    assertThat(fake.contents().snapshots()).hasSize(1);
  }

  @Test
  void aProfileThatSomebodyHasLaunchedWithMeanwhileIsKeptWithItsRole() throws InterruptedException {
    putRole();
    putProfileWithRole(PROFILE);
    String arn = fake.profiles().get(0).arn();
    String instance = fake.contents().putInstance(i -> i.iamInstanceProfile(p -> p.arn(arn)));
    Outcome outcome =
        carryOut(
            new DeleteInstanceProfile(
                new Change("delete", "instance profile", "global", PROFILE, ""),
                arn,
                List.of(ROLE)));
    assertThat(outcome.result()).isEqualTo(Result.KEPT);
    assertThat(outcome.why()).startsWith("instance " + instance + " in us-west-2 uses it");
    assertThat(fake.profiles()).hasSize(1);
    assertThat(carryOut(deleteRole()).result()).isEqualTo(Result.KEPT);
  }

  @Test
  void aRoleThatAnotherProfileHasIsKeptWithItsPolicies() throws InterruptedException {
    putRole();
    putProfileWithRole("somebody-elses");
    Outcome outcome = carryOut(deleteRole());
    assertThat(outcome.result()).isEqualTo(Result.KEPT);
    assertThat(outcome.why()).contains("instance profile somebody-elses has it");
    assertThat(iam.listAttachedRolePolicies(r -> r.roleName(ROLE)).attachedPolicies()).hasSize(1);
    assertThat(iam.listRolePolicies(r -> r.roleName(ROLE)).policyNames()).hasSize(1);
  }
}
