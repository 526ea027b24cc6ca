package hgauto.testbed.aws;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DeleteSnapshotRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSnapshotResponse;
import software.amazon.awssdk.services.ec2.model.DeleteVolumeRequest;
import software.amazon.awssdk.services.ec2.model.DeleteVolumeResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSnapshotsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSnapshotsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVolumesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVolumesResponse;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.Volume;
import software.amazon.awssdk.services.ec2.model.VolumeAttachment;
import software.amazon.awssdk.services.ec2.model.VolumeState;

/** The volumes and snapshots of a region. */
final class FakeStorage {
  private final FakeRegion region;

  FakeStorage(FakeRegion region) {
    this.region = region;
  }

  static Stream<String> snapshotsOf(Image image) {
    return image.blockDeviceMappings().stream()
        .filter(mapping -> mapping.ebs() != null)
        .map(mapping -> mapping.ebs().snapshotId())
        .filter(Objects::nonNull);
  }

  DescribeSnapshotsResponse describeSnapshots(DescribeSnapshotsRequest request) {
    List<Snapshot> asked =
        request.snapshotIds().isEmpty()
            ? List.copyOf(region.snapshots.values())
            : request.snapshotIds().stream().map(this::snapshot).toList();
    Page<Snapshot> page =
        Page.of(
            asked.stream()
                .filter(snapshot -> Owners.met(request.ownerIds(), snapshot.ownerId(), null))
                .filter(
                    snapshot ->
                        Filters.met(
                            request.filters(),
                            snapshot.tags(),
                            Map.of(
                                "snapshot-id", Filters.values(snapshot.snapshotId()),
                                "status", Filters.values(snapshot.stateAsString()),
                                "description", Filters.values(snapshot.description()),
                                "volume-id", Filters.values(snapshot.volumeId()))))
                .toList(),
            request.maxResults(),
            request.nextToken());
    return DescribeSnapshotsResponse.builder()
        .snapshots(page.items())
        .nextToken(page.next())
        .build();
  }

  DeleteSnapshotResponse deleteSnapshot(DeleteSnapshotRequest request) {
    String id = snapshot(request.snapshotId()).snapshotId();
    imageWith(id)
        .ifPresent(
            image -> {
              throw Refusal.ec2(
                  "InvalidSnapshot.InUse",
                  "The snapshot " + id + " is currently in use by " + image.imageId());
            });
    region.snapshots.remove(id);
    return DeleteSnapshotResponse.builder().build();
  }

  /** Deletes it unless an image has it. */
  boolean deleteIfUnused(String id) {
    return imageWith(id).isEmpty() && region.snapshots.remove(id) != null;
  }

  DescribeVolumesResponse describeVolumes(DescribeVolumesRequest request) {
    List<Volume> asked =
        request.volumeIds().isEmpty()
            ? List.copyOf(region.volumes.values())
            : request.volumeIds().stream().map(this::volume).toList();
    Page<Volume> page =
        Page.of(
            asked.stream()
                .filter(
                    volume ->
                        Filters.met(
                            request.filters(),
                            volume.tags(),
                            Map.of(
                                "volume-id", Filters.values(volume.volumeId()),
                                "status", Filters.values(volume.stateAsString()),
                                "snapshot-id", Filters.values(volume.snapshotId()),
                                "attachment.instance-id",
                                    volume.attachments().stream()
                                        .map(VolumeAttachment::instanceId)
                                        .toList())))
                .toList(),
            request.maxResults(),
            request.nextToken());
    return DescribeVolumesResponse.builder().volumes(page.items()).nextToken(page.next()).build();
  }

  DeleteVolumeResponse deleteVolume(DeleteVolumeRequest request) {
    Volume volume = volume(request.volumeId());
    if (volume.state() == VolumeState.IN_USE) {
      throw Refusal.ec2(
          "VolumeInUse",
          "Volume "
              + volume.volumeId()
              + " is currently attached to "
              + volume.attachments().get(0).instanceId());
    }
    region.volumes.remove(volume.volumeId());
    return DeleteVolumeResponse.builder().build();
  }

  private Optional<Image> imageWith(String snapshot) {
    return region.images.values().stream()
        .filter(image -> snapshotsOf(image).anyMatch(snapshot::equals))
        .findFirst();
  }

  private Snapshot snapshot(String id) {
    Snapshot snapshot = region.snapshots.get(id);
    if (snapshot == null) {
      throw Refusal.ec2("InvalidSnapshot.NotFound", "The snapshot '" + id + "' does not exist.");
    }
    return snapshot;
  }

  private Volume volume(String id) {
    Volume volume = region.volumes.get(id);
    if (volume == null) {
      throw Refusal.ec2("InvalidVolume.NotFound", "The volume '" + id + "' does not exist.");
    }
    return volume;
  }
}
