package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.Owner;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.plan.Scope;
import hgauto.error.EnvironmentException;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * Every call of both commands fails in turn, in every way. It is told, and the same command run
 * again leaves nothing of ours.
 */
class CleanUpFaultsTest {
  private static final Scope OWN = new Scope("ann@laptop", false, Optional.empty());
  private static final Tag MINE = Tag.builder().key(Owner.TAG).value("ann@laptop").build();

  private static final Map<String, Fault> FAULTS =
      Map.of(
          "throttled", Fault.THROTTLED,
          "refused", Fault.FORBIDDEN,
          "dropped before", Fault.DROPPED_BEFORE,
          "answer lost", Fault.ANSWER_LOST,
          "killed before", Fault.before(CleanUpFaultsTest::die),
          "killed after", Fault.after(CleanUpFaultsTest::die));

  @TempDir private static Path forCounting;
  @TempDir private Path folder;
  private final FakeAccount fake = filled();

  /** In the place of kill -9: nothing catches it. */
  private static final class Killed extends Error {}

  private static void die() {
    throw new Killed();
  }

  private static FakeAccount filled() {
    FakeAccount fake = new FakeAccount();
    fake.contents().putWindowsOfAutomation();
    fake.contents().putLinuxOfAutomation();
    fake.contents().putInstance(i -> i.tags(MINE));
    fake.contents().putImage("hg-linux-dev-debian10", i -> {});
    fake.contents().putVolume(v -> v.tags(MINE));
    fake.contents().putSnapshot(s -> s.tags(MINE));
    fake.contents().putKeyPair("hg-automation", "f", k -> {});
    IamClient iam = fake.account().clients().iam();
    iam.createRole(r -> r.roleName("hg-ephemeral-ec2-role-1").assumeRolePolicyDocument("{}"));
    iam.putRolePolicy(
        r -> r.roleName("hg-ephemeral-ec2-role-1").policyName("ssm").policyDocument("{}"));
    iam.createInstanceProfile(r -> r.instanceProfileName("hg-ephemeral-ec2-1"));
    iam.addRoleToInstanceProfile(
        r -> r.instanceProfileName("hg-ephemeral-ec2-1").roleName("hg-ephemeral-ec2-role-1"));
    fake.forgetCalls();
    return fake;
  }

  private static int purge(FakeAccount fake, Spoken spoken, Path folder)
      throws InterruptedException {
    return new PurgeResources(
            spoken.console(false), fake.account(), new LeaseJournal(folder), new Sleepless().poll())
        .run(new PurgeResources.Request(OWN, false, folder, true, false, true));
  }

  private static int terminate(FakeAccount fake, Spoken spoken, Path folder)
      throws InterruptedException {
    return new TerminateInstances(
            spoken.console(false), fake.account(), new LeaseJournal(folder), new Sleepless().poll())
        .run(new TerminateInstances.Request(OWN, false, false));
  }

  private static Stream<Arguments> callsOf(FakeAccount done) {
    return IntStream.rangeClosed(1, done.calls().size())
        .boxed()
        .flatMap(n -> FAULTS.keySet().stream().sorted().map(fault -> Arguments.of(n, fault)));
  }

  static Stream<Arguments> purgeCalls() throws InterruptedException {
    FakeAccount fake = filled();
    purge(fake, new Spoken(), forCounting);
    return callsOf(fake);
  }

  static Stream<Arguments> terminateCalls() throws InterruptedException {
    FakeAccount fake = filled();
    terminate(fake, new Spoken(), forCounting);
    return callsOf(fake);
  }

  @ParameterizedTest(name = "call {0} {1}")
  @MethodSource("purgeCalls")
  void purgeComesToItsEndTheNextTime(int n, String fault) throws InterruptedException {
    fake.onCall(n, FAULTS.get(fault));
    Spoken spoken = new Spoken();
    try {
      if (purge(fake, spoken, folder) == 4) {
        assertThat(spoken.out()).contains("remains; could not ").containsPattern("\\((ec2|iam):");
      }
    } catch (EnvironmentException e) {
      assertThat(e.what()).containsPattern("\\((ec2|iam|sts):[A-Za-z]+\\)");
      assertThat(e.next()).isNotEmpty();
    } catch (Killed e) {
      assertThat(fault).startsWith("killed");
    }
    fake.withoutFaults();
    assertThat(purge(fake, new Spoken(), folder)).isZero();
    assertThat(fake.contents().alive()).isEmpty();
    assertThat(fake.contents().images()).isEmpty();
    assertThat(fake.contents().snapshots()).isEmpty();
    assertThat(fake.contents().volumes()).isEmpty();
    assertThat(fake.contents().keyPairs()).isEmpty();
    assertThat(fake.contents().groups())
        .extracting(group -> group.groupName())
        .containsOnly("default");
    assertThat(fake.profiles()).isEmpty();
    assertThat(fake.roles()).isEmpty();
  }

  @ParameterizedTest(name = "call {0} {1}")
  @MethodSource("terminateCalls")
  void terminateComesToItsEndTheNextTime(int n, String fault) throws InterruptedException {
    fake.onCall(n, FAULTS.get(fault));
    try {
      terminate(fake, new Spoken(), folder);
    } catch (EnvironmentException e) {
      assertThat(e.what()).containsPattern("\\((ec2|sts):[A-Za-z]+\\)");
    } catch (Killed e) {
      assertThat(fault).startsWith("killed");
    }
    fake.withoutFaults();
    assertThat(terminate(fake, new Spoken(), folder)).isZero();
    assertThat(fake.contents().alive()).isEmpty();
    assertThat(List.copyOf(fake.contents().images())).hasSize(1);
  }
}
