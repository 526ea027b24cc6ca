package hgauto.aws.inventory;

import hgauto.aws.AwsCall;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeSnapshotsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVolumesRequest;
import software.amazon.awssdk.services.ec2.model.VolumeAttachment;

/** Looks for a region's snapshots and volumes that bear our tag. */
final class DiskSearch {
  private static final int PAGE = 1000;

  private final Ec2Client ec2;
  private final String region;

  DiskSearch(Ec2Client ec2, String region) {
    this.ec2 = ec2;
    this.region = region;
  }

  /** Those not about to be gone. */
  List<Volume> volumes() {
    DescribeVolumesRequest request =
        DescribeVolumesRequest.builder()
            .filters(
                Ec2Filter.OURS, Ec2Filter.of("status", "creating", "available", "in-use", "error"))
            .maxResults(PAGE)
            .build();
    return AwsCall.make(
        "ec2:DescribeVolumes",
        "list the volumes in " + region,
        () ->
            ec2.describeVolumesPaginator(request).volumes().stream()
                .flatMap(found -> volume(found).stream())
                .toList());
  }

  /** Those that are finished; what is pending is about to be some image's. */
  List<software.amazon.awssdk.services.ec2.model.Snapshot> snapshots() {
    DescribeSnapshotsRequest request =
        DescribeSnapshotsRequest.builder()
            .ownerIds("self")
            .filters(Ec2Filter.OURS, Ec2Filter.of("status", "completed", "error"))
            .maxResults(PAGE)
            .build();
    return AwsCall.make(
        "ec2:DescribeSnapshots",
        "list the snapshots in " + region,
        () -> ec2.describeSnapshotsPaginator(request).snapshots().stream().toList());
  }

  /**
   * The snapshots that no image needs.
   *
   * @param images all of the account's own, ours or not
   */
  List<Snapshot> orphans(
      List<software.amazon.awssdk.services.ec2.model.Snapshot> snapshots,
      List<software.amazon.awssdk.services.ec2.model.Image> images) {
    Set<String> used =
        images.stream().flatMap(ImageSearch::snapshotIds).collect(Collectors.toSet());
    return snapshots.stream()
        .filter(found -> !used.contains(found.snapshotId()) && !isFor(images, found))
        .flatMap(found -> snapshot(found).stream())
        .toList();
  }

  /** While an image is being made, only "Created by CreateImage(i-…) for ami-…" tells. */
  private static boolean isFor(
      List<software.amazon.awssdk.services.ec2.model.Image> images,
      software.amazon.awssdk.services.ec2.model.Snapshot snapshot) {
    String description = Optional.ofNullable(snapshot.description()).orElse("");
    return images.stream().anyMatch(image -> description.contains(image.imageId()));
  }

  private Optional<Snapshot> snapshot(software.amazon.awssdk.services.ec2.model.Snapshot found) {
    Tags tags = Tags.of(found.tags());
    return tags.ownership()
        .map(
            whose ->
                new Snapshot(
                    region,
                    found.snapshotId(),
                    tags.nameOr(found.snapshotId()),
                    whose,
                    found.startTime(),
                    found.volumeSize()));
  }

  private Optional<Volume> volume(software.amazon.awssdk.services.ec2.model.Volume found) {
    Tags tags = Tags.of(found.tags());
    return tags.ownership()
        .map(
            whose ->
                new Volume(
                    region,
                    found.volumeId(),
                    tags.nameOr(found.volumeId()),
                    whose,
                    found.createTime(),
                    found.attachments().stream().map(VolumeAttachment::instanceId).findFirst(),
                    found.attachments().stream()
                        .anyMatch(it -> Boolean.TRUE.equals(it.deleteOnTermination())),
                    found.volumeTypeAsString(),
                    found.size()));
  }
}
