package hgauto.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel of this machine, which is that of all machines of the testbed. */
public final class Kernel {
  private Kernel() {}

  /** Whether it has that file system, which is on a disk. */
  public static boolean has(String filesystem) {
    try {
      return Files.readAllLines(Path.of("/proc/filesystems")).contains("\t" + filesystem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
