package hgauto.state;

import java.io.IOException;
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
    Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.write(beside, content, StandardOpenOption.CREATE_NEW);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
