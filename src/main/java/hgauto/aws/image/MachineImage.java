package hgauto.aws.image;

import java.util.Objects;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.EbsBlockDevice;
import software.amazon.awssdk.services.ec2.model.Image;

/**
 * An image that machines can be launched from.
 *
 * @param id such as {@code ami-0a1b}, good in one region
 * @param name by its publisher
 * @param rootDevice the name by which a launch request means its root disk, such as {@code
 *     /dev/xvda}
 * @param rootGib how large its root disk is; a machine's must not be smaller
 */
public record MachineImage(String id, String name, String rootDevice, int rootGib) {
  static MachineImage of(Image image) {
    int rootGib =
        image.blockDeviceMappings().stream()
            .filter(disk -> Objects.equals(disk.deviceName(), image.rootDeviceName()))
            .map(BlockDeviceMapping::ebs)
            .filter(Objects::nonNull)
            .map(EbsBlockDevice::volumeSize)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(0);
    return new MachineImage(image.imageId(), image.name(), image.rootDeviceName(), rootGib);
  }
}
