package hgauto.state;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that holds everything hgauto remembers between runs, {@code ~/.hgautomation} unless
 * {@code --state-path} names another. It is shared with {@code automation.py}. It is private to its
 * owner (0700), even if automation.py made it otherwise.
 */
public final class StateFolder {
  private final Path root;

  /**
   * @param root the folder; it is made when something is first put into it
   */
  public StateFolder(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** The folder itself, which may not exist yet. */
  public Path root() {
    return root;
  }

  /** The defaults for options, which may not exist. */
  public Path config() {
    return root.resolve("config");
  }

  /** Debug logs, one a run. */
  public Path logs() {
    return folder("logs");
  }

  /** What the Try Server keeps. */
  public Path tryServer() {
    return folder("try");
  }

  /** The keys that open our machines. */
  public Path keys() {
    return folder("keys");
  }

  /** A journal of the machines that cost money. */
  public Path leases() {
    return folder("leases");
  }

  /** How long Mercurial's tests took, a file for each distribution and Python. */
  public Path testTimes() {
    return folder("testtimes");
  }

  /** A Python environment with twine, for those who have none. */
  public Path twine() {
    return folder("twine");
  }

  /** What tests on other machines came to, a folder a run. */
  public Path results() {
    return folder("results");
  }

  private Path folder(String name) {
    try {
      PrivateFiles.createFolder(root);
      return PrivateFiles.createFolder(root.resolve(name));
    } catch (FileAlreadyExistsException e) {
      throw unusable("a file stands where a folder should be: " + e.getFile(), e);
    } catch (IOException e) {
      throw unusable(Files.exists(root) ? Reason.of(e) : "it cannot be made: " + Reason.of(e), e);
    }
  }

  EnvironmentException unusable(String why, IOException cause) {
    return new EnvironmentException(
        "cannot use the state folder " + root,
        why,
        "Free some space or mend its permissions, or name another with --state-path.",
        cause);
  }
}
