package hgauto.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own, in memory. Mounting one needs root. */
public final class SmallDisk implements AutoCloseable {
  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /**
   * Mounts one at a path that is not there yet.
   *
   * @param options such as {@code size=64k} or {@code ro}
   */
  public static SmallDisk mount(Path path, String options) throws IOException {
    Files.createDirectory(path);
    Requires.that(
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path.toString()),
        "cannot mount a tmpfs here");
    return new SmallDisk(path);
  }

  /** Where it is mounted. */
  public Path path() {
    return path;
  }

  /** Leaves no byte free. */
  public void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(path.resolve("filler"))) {
      while (true) {
        out.write(new byte[512]);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space")) {
        throw e;
      }
    }
  }

  /** Makes room; what is on it stays. */
  public void grow(String size) throws IOException {
    if (!run("mount", "-o", "remount,size=" + size, path.toString())) {
      throw new IOException("cannot make " + path + " larger");
    }
  }

  @Override
  public void close() throws IOException {
    if (!run("umount", path.toString())) {
      throw new IOException("cannot unmount " + path + ": something still uses it");
    }
  }

  private static boolean run(String... argv) throws IOException {
    try {
      return new ProcessBuilder(argv)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
