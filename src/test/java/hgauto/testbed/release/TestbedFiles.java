package hgauto.testbed.release;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The scripts of this package. */
final class TestbedFiles {
  private TestbedFiles() {}

  static Path path(String name) {
    try {
      return Path.of(TestbedFiles.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
