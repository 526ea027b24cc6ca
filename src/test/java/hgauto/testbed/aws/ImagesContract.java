package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static hgauto.testbed.aws.AccountUnderTest.tags;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/** What production code relies on about images and snapshots. */
interface ImagesContract extends AccountUnderTest {
  private String make(String name) {
    String instance = launch(r -> {}).instanceId();
    now(instance);
    return ec2()
        .createImage(
            r ->
                r.instanceId(instance)
                    .name(name)
                    .tagSpecifications(
                        tags(ResourceType.IMAGE, "HGIMAGEFINGERPRINT", "f"),
                        tags(ResourceType.SNAPSHOT, "Name", "hg-snapshot")))
        .imageId();
  }

  private static Filter filter(String name, String value) {
    return Filter.builder().name(name).values(value).build();
  }

  private List<Snapshot> snapshots() {
    return ec2()
        .describeSnapshots(r -> r.ownerIds("self").filters(filter("tag:Name", "hg-snapshot")))
        .snapshots();
  }

  private Image image(String id) {
    return ec2().describeImages(r -> r.imageIds(id)).images().get(0);
  }

  @Test
  default void imageIsFoundByOwnerNameAndTag() {
    String id = make("hg-linux-dev-1");
    assertThat(
            ec2()
                .describeImages(
                    r ->
                        r.owners("self")
                            .filters(
                                filter("name", "hg-*"),
                                filter("state", "available"),
                                filter("tag:HGIMAGEFINGERPRINT", "f")))
                .images())
        .singleElement()
        .satisfies(
            image -> {
              assertThat(image.imageId()).isEqualTo(id);
              assertThat(image.name()).isEqualTo("hg-linux-dev-1");
              assertThat(image.state()).isEqualTo(ImageState.AVAILABLE);
              assertThat(image.ownerId()).isEqualTo(account().caller().account());
              assertThat(image.creationDate()).isNotEmpty();
            });
    assertThat(ec2().describeImages(r -> r.owners("self").filters(filter("name", "x*"))).images())
        .isEmpty();
    assertThat(
            ec2()
                .describeImages(r -> r.owners("000000000001").filters(filter("name", "hg-*")))
                .images())
        .isEmpty();
  }

  @Test
  default void imageHasSnapshotsThatCannotGoBeforeIt() {
    String id = make("hg-linux-dev-1");
    List<Snapshot> made = snapshots();
    assertThat(made).hasSize(1);
    String snapshot = made.get(0).snapshotId();
    assertThat(made.get(0).description()).contains("Created by CreateImage", id);
    assertThat(image(id).blockDeviceMappings())
        .extracting(device -> device.ebs().snapshotId())
        .containsExactly(snapshot);
    assertRefused("InvalidSnapshot.InUse", () -> ec2().deleteSnapshot(r -> r.snapshotId(snapshot)));
    ec2().deregisterImage(r -> r.imageId(id));
    assertThat(snapshots()).hasSize(1);
    ec2().deleteSnapshot(r -> r.snapshotId(snapshot));
    assertThat(snapshots()).isEmpty();
    assertRefused(
        "InvalidSnapshot.NotFound", () -> ec2().deleteSnapshot(r -> r.snapshotId(snapshot)));
  }

  @Test
  default void imageGoesWithItsSnapshots() {
    String id = make("hg-linux-dev-1");
    assertThat(
            ec2()
                .deregisterImage(r -> r.imageId(id).deleteAssociatedSnapshots(true))
                .deleteSnapshotResults())
        .extracting(result -> result.returnCodeAsString())
        .containsExactly("success");
    assertThat(snapshots()).isEmpty();
  }

  @Test
  default void imageThatIsNotThereIsNotFound() {
    String id = make("hg-linux-dev-1");
    ec2().deregisterImage(r -> r.imageId(id));
    assertRefused("InvalidAMIID.NotFound", () -> image("ami-0123456789abcdef0"));
    assertThat(ec2().describeImages(r -> r.owners("self").filters(filter("name", "hg-*"))).images())
        .isEmpty();
  }

  @Test
  default void imageIsDeregisteredOnce() {
    String id = make("hg-linux-dev-1");
    ec2().deregisterImage(r -> r.imageId(id));
    assertRefused("InvalidAMIID.Unavailable", () -> ec2().deregisterImage(r -> r.imageId(id)));
    assertRefused(
        "InvalidAMIID.NotFound",
        () -> ec2().deregisterImage(r -> r.imageId("ami-0123456789abcdef0")));
  }

  @Test
  default void nameOfAnImageIsTakenOnce() {
    make("hg-linux-dev-1");
    assertRefused("InvalidAMIName.Duplicate", () -> make("hg-linux-dev-1"));
  }
}
