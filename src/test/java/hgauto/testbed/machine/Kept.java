package hgauto.testbed.machine;

import hgauto.state.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Folders under {@code target/testbed} that take long to make, and serve many runs of tests. */
final class Kept {
  private static final Path ALL = Path.of("target", "testbed").toAbsolutePath();

  private Kept() {}

  /** How to make one. */
  interface Making {
    void make(Path folder) throws IOException;
  }

  /**
   * The folder of that name. One at a time makes it, in this process or in others; it gets its name
   * when it is whole.
   */
  static synchronized Path folder(String name, Making making) {
    Path folder = ALL.resolve(name);
    try {
      Files.createDirectories(ALL);
      try (FileChannel lock =
          FileChannel.open(
              ALL.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.exists(folder)) {
          Path work = ALL.resolve("making-" + name);
          Folders.delete(work); // by a process that was killed
          Files.createDirectory(work);
          making.make(work);
          Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }
}
