package hgauto.linux;

import hgauto.error.UsageException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What tests run on. */
public enum Filesystem {
  /** What the system's disk has. */
  DEFAULT(false),
  /** The machine's memory. */
  TMPFS(false),
  EXT3(true),
  EXT4(true),
  XFS(true),
  BTRFS(true),
  JFS(true);

  private final boolean disk;

  Filesystem(boolean disk) {
    this.disk = disk;
  }

  /**
   * Reads a name.
   *
   * @throws UsageException for any other
   */
  public static Filesystem of(String name) {
    return Arrays.stream(values())
        .filter(known -> known.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "cannot run tests on a filesystem " + name,
                    "",
                    "Use one of "
                        + Arrays.stream(values())
                            .map(Filesystem::toString)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  /** Whether it needs a disk of its own. */
  public boolean needsDisk() {
    return disk;
  }

  /** Its name, as mkfs and mount know it. */
  @Override
  public String toString() {
    return switch (this) {
      case DEFAULT -> "default";
      case TMPFS -> "tmpfs";
      case EXT3 -> "ext3";
      case EXT4 -> "ext4";
      case XFS -> "xfs";
      case BTRFS -> "btrfs";
      case JFS -> "jfs";
    };
  }
}
