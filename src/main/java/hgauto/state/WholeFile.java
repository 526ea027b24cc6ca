package hgauto.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file with a result, which everybody may read whom the user lets. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Puts {@code content} in place of what has that name, if anything, at once. Where that is a
   * link, it is replaced, and not what it leads to.
   */
  public static void replace(Path file, byte[] content) throws IOException {
    replace(file, content, file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID()));
  }

  /**
   * The same.
   *
   * @param beside where it is until it is whole; what is there is removed
   */
  public static void replace(Path file, byte[] content, Path beside) throws IOException {
    Files.deleteIfExists(beside);
    try {
      try (FileChannel channel =
          FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
