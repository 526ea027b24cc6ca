package hgauto.aws.plan;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.plan.Outcome.Result;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;

class DeregisterImageTest {
  private final FakeAccount fake = new FakeAccount();
  private String image;
  private String snapshot;

  @BeforeEach
  void put() {
    image = fake.contents().putImage("hg-linux-dev-debian10", i -> {});
    snapshot = fake.contents().snapshots().get(0).snapshotId();
  }

  private List<Outcome> carryOut() throws InterruptedException {
    return new DeregisterImage(
            new Change("deregister", "image", "us-west-2", image, ""),
            List.of(new Change("delete", "snapshot", "us-west-2", snapshot, "")))
        .carryOut(fake.account(), new Sleepless().poll());
  }

  private List<Result> results() throws InterruptedException {
    return carryOut().stream().map(Outcome::result).toList();
  }

  @Test
  void theImageAndItsSnapshotsGoByOneCall() throws InterruptedException {
    assertThat(results()).containsExactly(Result.DONE, Result.DONE);
    assertThat(fake.contents().images()).isEmpty();
    assertThat(fake.contents().snapshots()).isEmpty();
    assertThat(fake.actions()).containsExactly("ec2:DeregisterImage");
  }

  @Test
  void aSnapshotThatAnotherImageUsesIsKept() throws InterruptedException {
    BlockDeviceMapping same = BlockDeviceMapping.builder().ebs(e -> e.snapshotId(snapshot)).build();
    fake.contents().putImage("somebody-elses", i -> i.blockDeviceMappings(same));
    assertThat(results()).containsExactly(Result.DONE, Result.KEPT);
    assertThat(fake.contents().snapshots()).extracting(it -> it.snapshotId()).contains(snapshot);
  }

  @Test
  void ofAnImageThatIsGoneTheSnapshotsGoByThemselves() throws InterruptedException {
    fake.contents().vanish(image);
    assertThat(results()).containsExactly(Result.ALREADY, Result.DONE);
    assertThat(results()).containsExactly(Result.ALREADY, Result.ALREADY);
  }

  @Test
  void aRefusalIsToldAndTheSnapshotsStayWithTheImage() throws InterruptedException {
    fake.onCall("ec2:DeregisterImage", Fault.FORBIDDEN);
    List<Outcome> outcomes = carryOut();
    assertThat(outcomes).extracting(Outcome::result).containsExactly(Result.FAILED, Result.KEPT);
    assertThat(outcomes.get(0).why()).contains("(ec2:DeregisterImage): UnauthorizedOperation");
    assertThat(outcomes.get(0).next())
        .startsWith("Allow ec2:DeregisterImage")
        .endsWith(
            "aws ec2 deregister-image --delete-associated-snapshots --region us-west-2 --image-id "
                + image);
    assertThat(outcomes.get(1).why()).isEqualTo(image + " still uses it");
    assertThat(fake.contents().snapshots()).hasSize(1);
  }

  @Test
  void anImageThatIsUnavailableIsGoneOnlyIfItIs() throws InterruptedException {
    fake.onCall("ec2:DeregisterImage", Fault.refused("InvalidAMIID.Unavailable"));
    assertThat(results()).containsExactly(Result.FAILED, Result.KEPT);
    fake.contents().vanish(image);
    assertThat(results()).containsExactly(Result.ALREADY, Result.DONE);
  }
}
