package hgauto.aws.lease;

/**
 * A disk of an instance. It is gp3, encrypted, and goes with the instance.
 *
 * @param device its name, such as {@code /dev/sda1}; that of the image's root device for the disk
 *     that the system is on
 * @param gib its size in GiB
 */
public record Disk(String device, int gib) {}
