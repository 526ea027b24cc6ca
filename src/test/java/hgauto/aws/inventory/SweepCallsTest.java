package hgauto.aws.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import hgauto.error.EnvironmentException;
import hgauto.testbed.aws.Call;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Which calls a sweep makes, how, and what becomes of it when one is refused. */
class SweepCallsTest {
  private static final String REGION = FakeAccount.REGION;
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
  private static final Tag ANNS = Tag.builder().key("hgauto:owner").value("ann@laptop").build();

  private final FakeAccount aws = new FakeAccount();

  private Inventory sweep(Kind... kinds) throws InterruptedException {
    return Sweep.of(aws.account(), REGION, Set.of(kinds));
  }

  @Test
  void longListsAreReadToTheirEnd() throws InterruptedException {
    for (int i = 0; i < 2500; i++) {
      aws.contents().putInstance(instance -> instance.tags(ANNS));
      aws.contents().putSnapshot(snapshot -> snapshot.tags(ANNS));
      aws.contents().putVolume(volume -> volume.tags(ANNS));
    }
    for (int i = 0; i < 1200; i++) {
      aws.contents().putImage("image " + i, image -> image.tags(ANNS));
    }
    Inventory found = sweep(Kind.INSTANCES, Kind.SNAPSHOTS, Kind.VOLUMES, Kind.IMAGES);
    assertThat(found.instances()).hasSize(2500).doesNotHaveDuplicates();
    assertThat(found.snapshots()).hasSize(2500);
    assertThat(found.volumes()).hasSize(2500);
    assertThat(found.images()).hasSize(1200);
  }

  @ParameterizedTest
  @CsvSource({
    "INSTANCES, 3",
    "IMAGES, 1",
    "SNAPSHOTS, 2",
    "VOLUMES, 1",
    "KEY_PAIRS, 1",
    "SECURITY_GROUPS, 1",
    "IAM, 4"
  })
  void aSweepMakesNoCallThatItsKindsDoNotNeed(Kind kind, int calls) throws InterruptedException {
    sweep(kind);
    assertThat(aws.actions()).hasSize(calls);
  }

  @Test
  void allCallsAreUnderWayAtOnce() throws InterruptedException {
    int calls = 12;
    CyclicBarrier together = new CyclicBarrier(calls);
    aws.onCalls(1, calls, Fault.before(() -> await(together)));
    Sweep.of(aws.account(), REGION, ALL);
    assertThat(aws.calls()).hasSize(calls);
    assertThat(together.isBroken()).isFalse();
  }

  @Test
  void everyRegionIsSweptAndIamOnce() throws InterruptedException {
    FakeAccount wide = new FakeAccount("us-west-2", "eu-north-1", "ap-south-1");
    wide.in("eu-north-1").putInstance(i -> i.tags(ANNS));
    wide.in("us-west-2").putInstance(i -> i.tags(ANNS));
    wide.iam().createInstanceProfile(p -> p.instanceProfileName("hg-ephemeral-ec2-1"));
    wide.forgetCalls();
    List<Inventory> found = Sweep.ofAllRegions(wide.account(), ALL);
    assertThat(found)
        .extracting(
            Inventory::region, i -> i.instances().size(), i -> i.instanceProfile().isPresent())
        .containsExactly(
            tuple("us-west-2", 1, true),
            tuple("ap-south-1", 0, false),
            tuple("eu-north-1", 1, false));
    assertThat(wide.calls()).hasSize(1 + 3 * 8 + 4);
    assertThat(wide.actions()).containsOnlyOnce("iam:GetRole", "ec2:DescribeRegions");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec2:DescribeInstances",
        "ec2:DescribeImages",
        "ec2:DescribeSnapshots",
        "ec2:DescribeVolumes",
        "ec2:DescribeKeyPairs",
        "ec2:DescribeSecurityGroups",
        "iam:GetInstanceProfile",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies"
      })
  void aCallThatIsNotAllowedEndsItWithItsNameAndTheRemedy(String action) {
    aws.onCall(action, Fault.FORBIDDEN);
    assertThatThrownBy(() -> Sweep.of(aws.account(), REGION, ALL))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("(" + action + ")")
        .satisfies(
            e ->
                assertThat(((EnvironmentException) e).next())
                    .contains("Allow " + action, "docs/aws-permissions.md"));
  }

  @Test
  void inlinePoliciesNeedAPermissionToo() {
    aws.iam()
        .createRole(
            role -> role.roleName("hg-ephemeral-ec2-role-1").assumeRolePolicyDocument("{}"));
    aws.iam()
        .putRolePolicy(
            p -> p.roleName("hg-ephemeral-ec2-role-1").policyName("agent").policyDocument("{}"));
    aws.onCall("iam:GetRolePolicy", Fault.FORBIDDEN);
    assertThatThrownBy(() -> sweep(Kind.IAM))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("(iam:GetRolePolicy)");
  }

  @Test
  void aSweepChangesNothing() throws InterruptedException {
    Sweep.ofAllRegions(aws.account(), ALL);
    assertThat(aws.calls())
        .extracting(Call::action)
        .allMatch(action -> action.matches("[a-z0-9]+:(Describe|Get|List).*"));
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("not all calls came at once", e);
    }
  }
}
