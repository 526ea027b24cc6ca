package hgauto.windows.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The files beside this class in the jar. */
final class BuildFiles {
  private BuildFiles() {}

  static String text(String name) {
    try (InputStream file = BuildFiles.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("our own " + name, e);
    }
  }
}
