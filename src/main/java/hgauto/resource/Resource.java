package hgauto.resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads files that are in the jar. That one is missing is a fault of the build. */
public final class Resource {
  private Resource() {}

  /** The content of the file of that name beside that class. */
  public static byte[] bytes(Class<?> beside, String name) {
    try (InputStream file = beside.getResourceAsStream(name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("our own " + name, e);
    }
  }

  /** The same as text, which is in UTF-8. */
  public static String text(Class<?> beside, String name) {
    return new String(bytes(beside, name), StandardCharsets.UTF_8);
  }
}
