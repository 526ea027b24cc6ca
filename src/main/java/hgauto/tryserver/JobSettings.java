package hgauto.tryserver;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.process.LocalProgram;
import hgauto.state.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How jobs run.
 *
 * @param user the account that they run as, or empty for the server's own
 * @param timeLimit how long building may take, and how long testing may take
 * @param path the PATH that they get; its {@code python3} must work with another HOME
 * @param workParent holds the working copies, each removed when its run has ended
 */
public record JobSettings(Optional<String> user, Duration timeLimit, String path, Path workParent) {

  private static final Duration QUICK = Duration.ofMinutes(1);

  /**
   * Settings for this machine.
   *
   * @param environment our own environment variables
   * @throws EnvironmentException when jobs cannot run here at all
   * @throws UsageException when they cannot run as {@code user}
   */
  public static JobSettings here(
      Optional<String> user, Duration timeLimit, Map<String, String> environment) {
    if (File.separatorChar == '\\') {
      throw new EnvironmentException(
          "a Try Server cannot run on Windows",
          "jobs need process groups as Linux and macOS have them",
          "Name another server with --server.");
    }
    if (user.isPresent()) {
      checkAccount(user.get());
    }
    return new JobSettings(
        user,
        timeLimit,
        pythonFolder() + File.pathSeparator + environment.getOrDefault("PATH", "/usr/bin:/bin"),
        Path.of(environment.getOrDefault("TMPDIR", "/tmp")));
  }

  private static void checkAccount(String user) {
    if (!"0".equals(print("id", "-u"))) {
      throw new UsageException(
          "cannot run jobs as " + user,
          "only root can start programs as another account",
          "Start the server as root, or leave out --job-user.");
    }
    if (print("id", "-u", user).isEmpty()) {
      throw new UsageException(
          "there is no account " + user, "", "Make it, for example with useradd --system.");
    }
  }

  /**
   * Where the real {@code python3} is. The one on the PATH can be a script that finds it by HOME,
   * and jobs get another HOME.
   */
  private static String pythonFolder() {
    String folder =
        print("python3", "-c", "import os, sys; print(os.path.dirname(sys.executable))");
    if (folder.isEmpty()) {
      throw new EnvironmentException(
          "cannot run python3", "Mercurial's tests need it", "Install Python 3.9 or newer.");
    }
    return folder;
  }

  private static String print(String... argv) {
    try {
      LocalProgram.Result result = LocalProgram.run(List.of(argv), Path.of("/"), Map.of(), QUICK);
      return result.exitCode() == 0 ? result.out().strip() : "";
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot run " + argv[0], Reason.of(e), "Install it, or mend the PATH.", e);
    }
  }
}
