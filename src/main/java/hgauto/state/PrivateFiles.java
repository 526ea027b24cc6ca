package hgauto.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Files and folders that nobody else may read, from the moment they exist: 0600 and 0700 where the
 * file system knows such modes. Files are replaced atomically, so a reader or a restart sees the
 * old content or the new, whole.
 */
public final class PrivateFiles {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private static final Set<PosixFilePermission> PRIVATE_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFiles() {}

  /** Makes the folder, and its missing parents, unless it is there; then it is made private. */
  public static Path createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      if (POSIX && !PRIVATE_FOLDER.equals(Files.getPosixFilePermissions(folder))) {
        Files.setPosixFilePermissions(folder, PRIVATE_FOLDER);
      }
      return folder;
    }
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
    return Files.createDirectories(folder, mode("rwx------"));
  }

  /** Makes an empty file that was not there. */
  public static Path createFile(Path file) throws IOException {
    return Files.createFile(file, mode("rw-------"));
  }

  /**
   * Makes a file that was not there, with its content from the start.
   *
   * @throws FileAlreadyExistsException if it is there, by whomever; it is left alone then
   */
  public static void create(Path file, byte[] content) throws IOException {
    Path whole = written(file, content);
    try {
      Files.createLink(file, whole); // unlike a move, this never replaces
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  /** Puts {@code content} in place of what {@code file} held, if anything. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path whole = written(file, content);
    try {
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  /** A file beside {@code file} with that content, which is on the disk. */
  private static Path written(Path file, byte[] content) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try (FileChannel channel =
        FileChannel.open(
            beside,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            mode("rw-------"))) {
      for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
        channel.write(rest);
      }
      channel.force(true);
      return beside;
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
  }

  /**
   * Makes sure that what was made, renamed or removed in the folder stays so after a power failure.
   */
  public static void sync(Path folder) throws IOException {
    if (POSIX) { // Windows does not open folders, and writes their changes at once
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] mode(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
