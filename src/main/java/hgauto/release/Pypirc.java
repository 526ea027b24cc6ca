package hgauto.release;

import hgauto.process.LocalProgram;
import hgauto.resource.Resource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which section of {@code ~/.pypirc} is about an index. Twine uses a section's credentials where it
 * is told the section's name, but not where it is told the same address. Python's own configparser
 * reads the file, as it does for twine. Credentials are not looked at.
 */
final class Pypirc {
  private static final Duration AT_MOST = Duration.ofSeconds(30);

  private Pypirc() {}

  /**
   * The name of the section whose address that is.
   *
   * @param pypirc the file, which may not exist; its folder does
   * @param upload the address
   * @throws IOException if it cannot be read; nothing of what is in it is in the message
   */
  static Optional<String> section(Path pypirc, URI upload) throws IOException {
    LocalProgram.Result read =
        LocalProgram.run(
            List.of(
                TwineEnvironment.PYTHON,
                "-I",
                "-X",
                "utf8",
                "-c",
                Resource.text(Pypirc.class, "pypirc.py"),
                pypirc.toString()),
            pypirc.getParent(),
            Map.of(),
            AT_MOST);
    if (read.exitCode() != 0) {
      throw new IOException(read.err().strip());
    }
    return read.out()
        .lines()
        .map(line -> line.split("\t", 2))
        .filter(index -> PackageIndex.same(index[1], upload.toString()))
        .map(index -> index[0])
        .findFirst();
  }
}
