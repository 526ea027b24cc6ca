package hgauto.aws.inventory;

import hgauto.aws.AwsCall;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.EbsBlockDevice;
import software.amazon.awssdk.services.ec2.model.ImageState;

/** Looks for a region's images of the account's own, ours and others'. */
final class ImageSearch {
  private static final int PAGE = 1000;

  private final Ec2Client ec2;
  private final String region;

  ImageSearch(Ec2Client ec2, String region) {
    this.ec2 = ec2;
    this.region = region;
  }

  /** All of the account's own, those too that are disabled: they cost as much. */
  List<software.amazon.awssdk.services.ec2.model.Image> own() {
    DescribeImagesRequest request =
        DescribeImagesRequest.builder()
            .owners("self")
            .includeDisabled(true)
            .maxResults(PAGE)
            .build();
    return AwsCall.make(
        "ec2:DescribeImages",
        "list the account's images in " + region,
        () ->
            ec2.describeImagesPaginator(request).images().stream()
                .filter(image -> image.state() != ImageState.DEREGISTERED)
                .toList());
  }

  /** Those of them that are ours. */
  List<Image> ours(List<software.amazon.awssdk.services.ec2.model.Image> own) {
    return own.stream()
        .flatMap(found -> ownership(found).map(whose -> image(found, whose)).stream())
        .toList();
  }

  /** The disks of an image; while it is being made, not all of them are known. */
  static Stream<String> snapshotIds(software.amazon.awssdk.services.ec2.model.Image image) {
    return disks(image).map(EbsBlockDevice::snapshotId).filter(id -> id != null);
  }

  private static Stream<EbsBlockDevice> disks(
      software.amazon.awssdk.services.ec2.model.Image image) {
    return image.blockDeviceMappings().stream()
        .map(BlockDeviceMapping::ebs)
        .filter(disk -> disk != null);
  }

  private static Optional<Ownership> ownership(
      software.amazon.awssdk.services.ec2.model.Image found) {
    return Tags.of(found.tags())
        .ownership()
        .or(
            () ->
                Optional.of(Ownership.LEGACY)
                    .filter(any -> Names.LEGACY_IMAGES.contains(found.name())));
  }

  private Image image(software.amazon.awssdk.services.ec2.model.Image found, Ownership ownership) {
    return new Image(
        region,
        found.imageId(),
        found.name(),
        ownership,
        found.stateAsString(),
        Instant.parse(found.creationDate()),
        Optional.ofNullable(found.lastLaunchedTime()).map(Instant::parse),
        snapshotIds(found).toList(),
        disks(found)
            .map(EbsBlockDevice::volumeSize)
            .filter(size -> size != null)
            .mapToLong(Integer::longValue)
            .sum());
  }
}
