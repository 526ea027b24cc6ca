package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.process.LocalProgram;
import hgauto.resource.Resource;
import hgauto.state.Reason;
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
   * @throws EnvironmentException if there is no Python
   * @throws IOException if it cannot be read; nothing of what is in it is in the message
   */
  static Optional<String> section(Path pypirc, URI upload) throws IOException {
    return section(TwineEnvironment.PYTHON, pypirc, upload);
  }

  /**
   * @param python Python 3, a path, or a name that is looked up on the PATH
   */
  static Optional<String> section(String python, Path pypirc, URI upload) throws IOException {
    LocalProgram.Result read;
    try {
      read =
          LocalProgram.run(
              List.of(
                  python,
                  "-I",
                  "-X",
                  "utf8",
                  "-c",
                  Resource.text(Pypirc.class, "pypirc.py"),
                  pypirc.toString()),
              pypirc.getParent(),
              Map.of(),
              AT_MOST);
    } catch (LocalProgram.NotStartedException e) {
      throw new EnvironmentException(
          "cannot start Python 3, which looks up the index in .pypirc as twine does",
          Reason.of(e),
          "Install it, so that it is on your PATH as " + python + ". Nothing was sent.",
          e);
    }
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
