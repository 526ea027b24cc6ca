package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.process.LocalProgram;
import hgauto.resource.Resource;
import hgauto.state.FileLocks;
import hgauto.state.Folders;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private virtual environment of Python with nothing in it but twine and what that needs, in the
 * versions and with the hashes of {@code requirements/twine.txt}. It is made once, and anew when
 * those change.
 */
final class TwineEnvironment {
  private static final Logger LOG = LoggerFactory.getLogger(TwineEnvironment.class);

  /** A slow line takes the longest. */
  private static final Duration AT_MOST = Duration.ofMinutes(15);

  /** Whether this machine is one. */
  static final boolean WINDOWS = File.separatorChar == '\\';

  /** The program, to be looked up on the PATH. */
  static final String PYTHON = WINDOWS ? "python" : "python3";

  /** What the names of programs end with. */
  static final String EXE = WINDOWS ? ".exe" : "";

  private final Path folder;
  private final String python;
  private final String requirements;
  private final Map<String, String> environment;

  /**
   * @param folder it is made in there
   * @param environment of the programs that make it, added to our own
   */
  TwineEnvironment(Path folder, Map<String, String> environment) {
    this(folder, PYTHON, Resource.text(TwineEnvironment.class, "twine.txt"), environment);
  }

  /**
   * @param python the program that makes it, a path, or a name that is looked up on the PATH
   * @param requirements as pip reads them
   */
  TwineEnvironment(
      Path folder, String python, String requirements, Map<String, String> environment) {
    this.folder = folder;
    this.python = python;
    this.requirements = requirements;
    this.environment = environment;
  }

  /**
   * The twine in it, which is made if it is not there.
   *
   * @param beforeMaking is run then, for it takes its time
   * @throws EnvironmentException if it cannot be made, or another process is making it
   */
  Path program(Runnable beforeMaking) {
    try (FileLocks.Held lock =
        FileLocks.tryLock(folder.resolve("lock"))
            .orElseThrow(() -> notMade("another hgauto is making it", "Try again in a minute."))) {
      LOG.debug("{} is ours", lock);
      if (!isMade()) {
        beforeMaking.run();
        make();
      }
      return bin("twine");
    } catch (IOException e) {
      throw notMade(
          Reason.of(e), "Install Python 3.10 or newer with its venv, or twine, and try again.");
    }
  }

  /** The list that it was made from is put there last. */
  private boolean isMade() throws IOException {
    return Files.exists(madeFrom()) && Files.readString(madeFrom()).equals(requirements);
  }

  private void make() throws IOException {
    Path venv = folder.resolve("venv");
    if (Files.exists(venv)) {
      Folders.delete(venv);
    }
    Path wanted = folder.resolve("requirements.txt");
    PrivateFiles.replace(wanted, requirements.getBytes(UTF_8));
    run(python, "-I", "-m", "venv", venv.toString());
    run(
        bin("python").toString(),
        "-I",
        "-m",
        "pip",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "install",
        "--require-hashes",
        "--only-binary=:all:",
        "--requirement",
        wanted.toString());
    PrivateFiles.replace(madeFrom(), requirements.getBytes(UTF_8));
  }

  private void run(String... argv) throws IOException {
    LocalProgram.Result result =
        LocalProgram.run(Arrays.asList(argv), folder, environment, AT_MOST);
    if (result.exitCode() != 0) {
      throw new IOException((result.out() + result.err()).strip());
    }
  }

  private Path madeFrom() {
    return folder.resolve("venv").resolve("made-from");
  }

  private Path bin(String program) {
    return folder.resolve("venv").resolve(WINDOWS ? "Scripts" : "bin").resolve(program + EXE);
  }

  private EnvironmentException notMade(String why, String next) {
    return new EnvironmentException("cannot install twine into " + folder, why, next);
  }
}
