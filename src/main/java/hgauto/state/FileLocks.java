package hgauto.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Locks of files, which tell whether their owner lives: the system takes them away when a process
 * ends, however it ends.
 */
public final class FileLocks {
  /**
   * The files that this process holds. Asking the system would not do: closing any channel of a
   * file gives up every lock that the process has on it (fcntl, POSIX).
   */
  private static final Set<Object> HELD = new HashSet<>();

  private FileLocks() {}

  /** A lock, which is held until it is closed or the process ends. */
  public static final class Held implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final Object key;

    private Held(Path file, FileChannel channel, Object key) {
      this.file = file;
      this.channel = channel;
      this.key = key;
    }

    /** "lock .../run/lock", by the name that the file had when it was locked. */
    @Override
    public String toString() {
      return "lock " + file;
    }

    @Override
    public void close() throws IOException {
      synchronized (HELD) {
        if (channel.isOpen()) { // a second time, the lock may be somebody else's
          channel.close();
          HELD.remove(key);
        }
      }
    }
  }

  /**
   * Locks the file, and makes it if it is not there.
   *
   * @return empty when somebody else holds it, in this process or in another, or the file has been
   *     removed meanwhile
   * @throws IOException also when its folder is not there
   */
  public static Optional<Held> tryLock(Path file) throws IOException {
    synchronized (HELD) {
      if (Files.notExists(file)) {
        try {
          PrivateFiles.createFile(file);
        } catch (FileAlreadyExistsException e) {
          // by another process, just now
        }
      }
      Object key = key(file);
      if (HELD.contains(key)) {
        return Optional.empty();
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      boolean locked = false;
      try {
        locked = channel.tryLock() != null && isStill(file, key);
      } finally {
        if (!locked) {
          channel.close();
        }
      }
      if (!locked) {
        return Optional.empty();
      }
      HELD.add(key);
      return Optional.of(new Held(file, channel, key));
    }
  }

  private static boolean isStill(Path file, Object key) throws IOException {
    try {
      return key(file).equals(key);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The same for all names of the file, and after it is renamed, where the system can tell. */
  private static Object key(Path file) throws IOException {
    return Objects.requireNonNullElse(
        Files.readAttributes(file, BasicFileAttributes.class).fileKey(),
        file.toAbsolutePath().normalize());
  }
}
