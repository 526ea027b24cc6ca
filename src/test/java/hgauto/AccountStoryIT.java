package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.Owner;
import hgauto.aws.ensure.Blueprint;
import hgauto.aws.ensure.CheckIp;
import hgauto.aws.ensure.Cidr;
import hgauto.aws.ensure.Ensure;
import hgauto.aws.ensure.Ensured;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Sweep;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.Lease;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.aws.lease.LinuxUserData;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.aws.AwsProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** An account from the first command to the last, by the built program where there is a command. */
class AccountStoryIT {
  @TempDir private Path folder;

  @Test
  void afterAPurgeAllOfOursIsGoneAndAllOfOthersIsThere() throws Exception {
    try (AwsProxy aws = new AwsProxy()) {
      Ec2Client ec2 = aws.clients().ec2(AwsProxy.REGION);
      ec2.runInstances(r -> r.imageId(AwsProxy.DEBIAN).minCount(1).maxCount(1));
      ec2.createSecurityGroup(r -> r.groupName("hg-of-a-stranger").description("theirs"));
      ec2.createKeyPair(r -> r.keyName("hg-key-of-a-stranger"));
      HgautoProgram hgauto = new HgautoProgram(folder);
      aws.environment().forEach(hgauto::with);
      StateFolder state = new StateFolder(hgauto.state());

      Ensured ensured = ensure(aws, state);
      aws.forgetCalls();
      assertThat(ensure(aws, state)).isEqualTo(ensured);
      assertThat(aws.actions())
          .allMatch(action -> action.matches("[a-z0-9]+:(Describe|Get|List).*"));

      try (Lease one = launch(aws, state, ensured);
          Lease two = launch(aws, state, ensured)) {
        one.awaitRunning();
        two.awaitRunning();
        HgautoProgram.Result list = hgauto.run(folder, "list-ec2-resources");
        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(list.out())
            .contains(one.id(), two.id(), "hg-automation", "hg-windows-dev-1")
            .doesNotContain("stranger");
        HgautoProgram.Result terminate = hgauto.run(folder, "terminate-ec2-instances");
        assertThat(terminate.exitCode()).as(terminate.err()).isZero();
        assertThat(terminate.out()).contains("instances: 2 of 2 gone");
      }
      assertThat(state.leases()).isEmptyDirectory();

      HgautoProgram.Result purge = hgauto.run(folder, "purge-ec2-resources", "--yes");
      assertThat(purge.exitCode()).as(purge.err()).isZero();
      assertThat(Sweep.of(aws.account(), AwsProxy.REGION, EnumSet.allOf(Kind.class)).all())
          .isEmpty();
      assertThat(ec2.describeInstances().reservations())
          .flatExtracting(it -> it.instances())
          .filteredOn(it -> it.state().nameAsString().equals("running"))
          .hasSize(1);
      assertThat(ec2.describeSecurityGroups().securityGroups())
          .anyMatch(it -> it.groupName().equals("hg-of-a-stranger"));
      assertThat(ec2.describeKeyPairs().keyPairs())
          .extracting(it -> it.keyName())
          .containsExactly("hg-key-of-a-stranger");
    }
  }

  private static Ensured ensure(AwsProxy aws, StateFolder state) throws InterruptedException {
    return new Ensure(aws.account(), Poll.real(), state.keys(), CheckIp.AWS)
        .run(
            new Ensure.Request(
                Blueprint.WINDOWS,
                AwsProxy.REGION,
                Owner.here(),
                Set.of(Cidr.of("203.0.113.7").orElseThrow()),
                Optional.empty()),
            plan -> {},
            outcome -> {});
  }

  private static Lease launch(AwsProxy aws, StateFolder state, Ensured ensured)
      throws InterruptedException {
    return new Leases(
            aws.account(),
            new LeaseJournal(state.leases()),
            "run-1",
            Poll.real(),
            line -> {},
            line -> {})
        .launch(
            new LaunchRequest(
                "hg-windows-dev",
                AwsProxy.WINDOWS,
                List.of("t3.medium"),
                ensured.keyName(),
                List.of(ensured.securityGroupId()),
                ensured.profileName(),
                Optional.empty(),
                false,
                List.of(new Disk("/dev/sda1", 32)),
                Duration.ofHours(4),
                new LinuxUserData()));
  }
}
