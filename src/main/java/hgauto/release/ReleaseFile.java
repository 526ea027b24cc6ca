package hgauto.release;

import hgauto.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file of a release for Windows, as it lies in {@code dist}.
 *
 * @param size in bytes
 * @param sha256 64 hexadecimal digits, lower case
 */
public record ReleaseFile(Path file, Kind kind, long size, String sha256) {
  /** What kind of file it is. */
  public enum Kind {
    /** For pip: it goes to the package index, too. */
    WHEEL(".whl"),
    /** Inno Setup's installer. */
    EXE(".exe"),
    /** The WiX Toolset's installer. */
    MSI(".msi");

    private final String extension;

    Kind(String extension) {
      this.extension = extension;
    }

    /** What a file of that name would be. */
    public static Optional<Kind> of(String fileName) {
      return Arrays.stream(values()).filter(kind -> fileName.endsWith(kind.extension)).findFirst();
    }
  }

  /**
   * Reads the size and the hash of a file.
   *
   * @throws UsageException if something else has that name, which may never come to an end
   */
  static ReleaseFile of(Path file, Kind kind) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UsageException(
          file + " is no package",
          Files.isDirectory(file)
              ? "it is a folder"
              : Files.notExists(file) ? "it links to nothing" : "it is no ordinary file",
          "Remove it, or give it another name.");
    }
    return new ReleaseFile(file, kind, Files.size(file), Sha256.of(file));
  }

  /** The name that it has everywhere. */
  public String name() {
    return file.getFileName().toString();
  }
}
