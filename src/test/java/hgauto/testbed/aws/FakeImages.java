package hgauto.testbed.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.CreateImageRequest;
import software.amazon.awssdk.services.ec2.model.CreateImageResponse;
import software.amazon.awssdk.services.ec2.model.DeleteSnapshotReturnCode;
import software.amazon.awssdk.services.ec2.model.DeregisterImageRequest;
import software.amazon.awssdk.services.ec2.model.DeregisterImageResponse;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.SnapshotState;
import software.amazon.awssdk.services.ec2.model.Volume;

/** The images of a region: the account's own, and those that others share with it. */
final class FakeImages {
  private final FakeState account;
  private final FakeRegion region;
  private final FakeInstances instances;
  private final FakeStorage storage;

  FakeImages(FakeState account, FakeRegion region, FakeInstances instances, FakeStorage storage) {
    this.account = account;
    this.region = region;
    this.instances = instances;
    this.storage = storage;
  }

  DescribeImagesResponse describe(DescribeImagesRequest request) {
    List<Image> asked =
        request.imageIds().isEmpty()
            ? List.copyOf(region.images.values())
            : request.imageIds().stream().map(this::get).toList();
    Page<Image> page =
        Page.of(
            asked.stream()
                .map(this::looked)
                .filter(
                    image -> Owners.met(request.owners(), image.ownerId(), image.imageOwnerAlias()))
                .filter(
                    image ->
                        image.state() != ImageState.DISABLED
                            || Boolean.TRUE.equals(request.includeDisabled()))
                .filter(image -> meets(image, request))
                .toList(),
            request.maxResults(),
            request.nextToken());
    return DescribeImagesResponse.builder().images(page.items()).nextToken(page.next()).build();
  }

  CreateImageResponse create(CreateImageRequest request) {
    Instance instance = instances.named(List.of(request.instanceId())).get(0);
    if (region.images.values().stream().anyMatch(image -> isOwn(image, request.name()))) {
      throw Refusal.ec2(
          "InvalidAMIName.Duplicate", "AMI name " + request.name() + " is already in use by AMI");
    }
    String id = account.newId("ami");
    List<BlockDeviceMapping> devices = new ArrayList<>();
    for (InstanceBlockDeviceMapping mapping : instance.blockDeviceMappings()) {
      Volume volume = region.volumes.get(mapping.ebs().volumeId());
      String snapshot = account.newId("snap");
      region.snapshots.put(
          snapshot,
          Snapshot.builder()
              .snapshotId(snapshot)
              .volumeId(volume.volumeId())
              .volumeSize(volume.size())
              .ownerId(FakeState.ACCOUNT)
              .startTime(account.clock.instant())
              .state(SnapshotState.COMPLETED)
              .description("Created by CreateImage(" + instance.instanceId() + ") for " + id)
              .tags(Tags.of(request.tagSpecifications(), ResourceType.SNAPSHOT))
              .build());
      devices.add(
          BlockDeviceMapping.builder()
              .deviceName(mapping.deviceName())
              .ebs(
                  e ->
                      e.snapshotId(snapshot)
                          .volumeSize(volume.size())
                          .volumeType(volume.volumeType())
                          .encrypted(volume.encrypted())
                          .deleteOnTermination(mapping.ebs().deleteOnTermination()))
              .build());
    }
    region.images.put(
        id,
        Image.builder()
            .imageId(id)
            .name(request.name())
            .description(request.description())
            .ownerId(FakeState.ACCOUNT)
            .state(ImageState.PENDING)
            .creationDate(account.clock.instant().toString())
            .rootDeviceName(instance.rootDeviceName())
            .platform(instance.platformAsString())
            .blockDeviceMappings(devices)
            .tags(Tags.of(request.tagSpecifications(), ResourceType.IMAGE))
            .build());
    account.looks.set("changing " + id, account.behaviour.imagePending);
    return CreateImageResponse.builder().imageId(id).build();
  }

  DeregisterImageResponse deregister(DeregisterImageRequest request) {
    if (region.deregisteredImages.contains(request.imageId())) {
      throw Refusal.ec2(
          "InvalidAMIID.Unavailable",
          "The image ID '" + request.imageId() + "' is no longer available");
    }
    Image image = get(request.imageId());
    if (!image.ownerId().equals(FakeState.ACCOUNT)) {
      throw Refusal.ec2("AuthFailure", "Not authorized for image:" + image.imageId());
    }
    region.images.remove(image.imageId());
    region.deregisteredImages.add(image.imageId());
    DeregisterImageResponse.Builder answer = DeregisterImageResponse.builder().returnValue(true);
    if (Boolean.TRUE.equals(request.deleteAssociatedSnapshots())) {
      answer.deleteSnapshotResults(
          FakeStorage.snapshotsOf(image)
              .map(
                  id ->
                      DeleteSnapshotReturnCode.builder()
                          .snapshotId(id)
                          .returnCode(storage.deleteIfUnused(id) ? "success" : "skipped")
                          .build())
              .toList());
    }
    return answer.build();
  }

  private Image get(String id) {
    Image image = region.images.get(id);
    if (image == null) {
      throw Refusal.ec2("InvalidAMIID.NotFound", "The image id '[" + id + "]' does not exist");
    }
    return image;
  }

  private Image looked(Image image) {
    if (image.state() != ImageState.PENDING
        || account.looks.tooEarly("changing " + image.imageId())) {
      return image;
    }
    Image now =
        image.toBuilder()
            .state(account.behaviour.imagesFail ? ImageState.FAILED : ImageState.AVAILABLE)
            .build();
    region.images.put(now.imageId(), now);
    return now;
  }

  private static boolean isOwn(Image image, String name) {
    return image.ownerId().equals(FakeState.ACCOUNT) && image.name().equals(name);
  }

  private static boolean meets(Image image, DescribeImagesRequest request) {
    return Filters.met(
        request.filters(),
        image.tags(),
        Map.of(
            "name", Filters.values(image.name()),
            "image-id", Filters.values(image.imageId()),
            "state", Filters.values(image.stateAsString()),
            "owner-id", Filters.values(image.ownerId()),
            "architecture", Filters.values(image.architectureAsString()),
            "block-device-mapping.snapshot-id", FakeStorage.snapshotsOf(image).toList()));
  }
}
