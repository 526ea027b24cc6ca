package hgauto.hg;

import hgauto.error.EnvironmentException;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A file that hg writes for us to read; it is gone afterwards, after Ctrl-C too. */
final class TemporaryFile {
  private TemporaryFile() {}

  /**
   * What the file holds once it is written.
   *
   * @param purpose what it is for, to go on after "cannot"
   * @param writer makes the file, which is not there yet
   */
  static byte[] written(String purpose, Consumer<Path> writer) {
    try {
      Path folder = Files.createTempDirectory("hgauto-hg-");
      Path file = folder.resolve("file.hg");
      folder.toFile().deleteOnExit(); // Ctrl-C comes to no "finally"
      file.toFile().deleteOnExit();
      try {
        writer.accept(file);
        return Files.readAllBytes(file);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot " + purpose,
          Reason.of(e),
          "Free some space in the folder for temporary files.",
          e);
    }
  }
}
