package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.aws.Owner;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.plan.Scope;
import hgauto.console.Console;
import hgauto.error.UsageException;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.iam.IamClient;

class PurgeResourcesTest {
  private static final Scope OWN = new Scope("ann@laptop", false, Optional.empty());
  private static final String ROLE = "hg-ephemeral-ec2-role-1";
  private static final String PROFILE = "hg-ephemeral-ec2-1";

  private static final Tag MINE = Tag.builder().key(Owner.TAG).value("ann@laptop").build();

  @TempDir private Path keys;
  @TempDir private Path leases;
  private final FakeAccount fake = new FakeAccount("us-west-2", "eu-central-1");
  private final Spoken spoken = new Spoken();
  private String image;
  private String snapshot;
  private String group;
  private String volume;

  @BeforeEach
  void fill() {
    image = fake.contents().putImage("hg-linux-dev-debian10", i -> {});
    snapshot = fake.contents().snapshots().get(0).snapshotId();
    group = fake.contents().group("hg-linux-dev-1").groupId();
    volume = fake.contents().putVolume(v -> v.tags(MINE));
    fake.contents().putKeyPair("hg-automation", "f:i:n", k -> {});
    fake.contents().putVolume(v -> {});
    fake.contents().putImage("not-ours", i -> {});
    IamClient iam = fake.account().clients().iam();
    iam.createRole(r -> r.roleName(ROLE).assumeRolePolicyDocument("{}"));
    iam.putRolePolicy(r -> r.roleName(ROLE).policyName("ssm").policyDocument("{}"));
    iam.createInstanceProfile(r -> r.instanceProfileName(PROFILE));
    iam.addRoleToInstanceProfile(r -> r.instanceProfileName(PROFILE).roleName(ROLE));
    fake.forgetCalls();
  }

  private int run(Console console, boolean anyKey, boolean dryRun, boolean yes)
      throws InterruptedException {
    return new PurgeResources(
            console, fake.account(), new LeaseJournal(leases), new Sleepless().poll())
        .run(new PurgeResources.Request(OWN, false, keys, anyKey, dryRun, yes));
  }

  @Test
  void everythingOfOursGoesAndNothingElse() throws InterruptedException {
    assertThat(run(spoken.console(false), true, false, true)).isZero();
    assertThat(spoken.err())
        .startsWith(
            """
            account 123456789012, as arn:aws:iam::123456789012:user/ann, region us-west-2 (for the test)
              deregister image %1$s in us-west-2 (hg-linux-dev-debian10, 1 h old, made by automation.py)
              delete snapshot %2$s in us-west-2 (of image %1$s, hg-linux-dev-debian10, 1 h old, made by automation.py)
              delete volume %3$s in us-west-2 (1 h old, owner ann@laptop)
              delete security group %4$s in us-west-2 (hg-linux-dev-1, made by automation.py)
            """
                .formatted(image, snapshot, volume, group))
        .contains(
            """
              delete instance profile hg-ephemeral-ec2-1 (0 s old, made by automation.py)
              delete role hg-ephemeral-ec2-role-1 (0 s old, made by automation.py)
            """);
    assertThat(spoken.out())
        .isEqualTo(
            """
            images: 1 of 1 gone
            snapshots: 1 of 1 gone
            volumes: 1 of 1 gone
            security groups: 1 of 1 gone
            key pairs: 1 of 1 gone
            instance profiles: 1 of 1 gone
            roles: 1 of 1 gone
            estimated cost of what is gone: $0.0018 an hour, $1.30 a month
            """);
    assertThat(fake.contents().images()).hasSize(1);
    assertThat(fake.contents().snapshots()).hasSize(1);
    assertThat(fake.contents().volumes()).hasSize(1);
    assertThat(fake.contents().groups()).hasSize(1);
    assertThat(fake.contents().keyPairs()).isEmpty();
    assertThat(fake.profiles()).isEmpty();
    assertThat(fake.roles()).isEmpty();
  }

  @Test
  void aSecondTimeThereIsNothingToDo() throws InterruptedException {
    run(spoken.console(false), true, false, true);
    Spoken again = new Spoken();
    assertThat(run(again.console(false), true, false, true)).isZero();
    assertThat(again.out()).isEqualTo("nothing to do in us-west-2\n");
  }

  @Test
  void aDryRunAsksNobodyAndChangesNothing() throws InterruptedException {
    assertThat(run(spoken.console(false), false, true, false)).isZero();
    assertThat(spoken.out()).startsWith("images: 1 would go\n");
    assertThat(fake.actions())
        .allMatch(action -> action.matches("[a-z0-9]+:(Describe|Get|List).*"));
  }

  @Test
  void aKeyPairStaysWhoseKeyIsNotHere() throws InterruptedException {
    assertThat(run(spoken.console(false), false, false, true)).isZero();
    assertThat(spoken.err())
        .contains("its private key is not in this state folder; --keys takes it");
    assertThat(fake.contents().keyPairs()).hasSize(1);
  }

  @Test
  void withoutATerminalItMustBeConfirmedBeforehand() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> run(spoken.console(false), false, false, false))
        .satisfies(e -> assertThat(e.next()).contains("--dry-run", "--yes"));
    assertThat(fake.calls()).isEmpty();
  }

  @Test
  void onATerminalTheWordIsAskedForAfterThePlan() throws InterruptedException {
    assertThat(run(spoken.answering(" purge "), true, false, false)).isZero();
    assertThat(spoken.err())
        .containsSubsequence("deregister image", "type purge:", "gone: image " + image);
    assertThat(fake.roles()).isEmpty();
  }

  @Test
  void anyOtherAnswerOrNoneChangesNothing() {
    for (String answer : new String[] {"yes", "", null}) {
      assertThatExceptionOfType(UsageException.class)
          .isThrownBy(() -> run(spoken.answering(answer), true, false, false))
          .withMessageContaining("nothing of this was changed");
    }
    assertThat(fake.actions())
        .allMatch(action -> action.matches("[a-z0-9]+:(Describe|Get|List).*"));
  }

  @Test
  void whatAKilledRunHasLeftGoesOnlyOnceItIsConfirmed() throws InterruptedException {
    String id = Abandoned.put(fake, "us-west-2", leases);
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> run(spoken.answering("no"), true, false, false));
    assertThat(fake.contents().alive()).hasSize(1);
    Spoken then = new Spoken();
    assertThat(run(then.answering("purge"), true, false, false)).isZero();
    assertThat(then.err())
        .containsSubsequence(
            "an earlier run's instance would be ended: terminate instance " + id,
            "type purge:",
            "ended " + id);
    assertThat(then.out()).contains("instances: 1 of 1 gone\n");
    assertThat(fake.contents().alive()).isEmpty();
  }

  @Test
  void whatAKilledRunHasLeftElsewhereIsAskedForToo() throws InterruptedException {
    run(spoken.console(false), true, false, true);
    Abandoned.put(fake, "eu-central-1", leases);
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> run(spoken.answering("no"), true, false, false));
    assertThat(fake.in("eu-central-1").alive()).hasSize(1);
  }

  @Test
  void theProfileStaysWhileAnInstanceOfAnotherRegionHasIt() throws InterruptedException {
    String arn = fake.profiles().get(0).arn();
    fake.in("eu-central-1").putInstance(i -> i.iamInstanceProfile(p -> p.arn(arn)));
    assertThat(run(spoken.console(false), true, false, true)).isZero();
    assertThat(spoken.err()).contains("in eu-central-1 uses it, which stays");
    assertThat(fake.roles()).hasSize(1);
  }

  @Test
  void aRegionThatTheCallerIsShutOutOfKeepsTheProfileAndNothingElse() throws InterruptedException {
    fake.onCall("ec2:DescribeInstances in eu-central-1", Fault.FORBIDDEN);
    assertThat(run(spoken.console(false), true, false, true)).isZero();
    assertThat(spoken.err())
        .contains("cannot see whether an instance in eu-central-1 uses it")
        .contains("its instance profile stays");
    assertThat(fake.profiles()).hasSize(1);
    assertThat(fake.contents().images()).hasSize(1);
    assertThat(fake.contents().groups()).hasSize(1);
  }

  @Test
  void aSnapshotThatSomebodyElsesImageUsesIsKeptWhichIsNoFailure() throws InterruptedException {
    fake.contents()
        .putImage(
            "a-copy",
            i ->
                i.blockDeviceMappings(
                    BlockDeviceMapping.builder().ebs(e -> e.snapshotId(snapshot)).build()));
    assertThat(run(spoken.console(false), true, false, true)).isZero();
    assertThat(spoken.out())
        .contains("snapshots: 0 of 1 gone\n", "kept: snapshot " + snapshot + ": InvalidSnapshot");
  }
}
