package hgauto.task;

import hgauto.console.Console;
import hgauto.process.OnShutdown;
import hgauto.tryserver.TryServer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Runs a Try Server until it is interrupted. */
public final class ServeTry {
  private final Console console;
  private final Supplier<TryServer> starter;

  /**
   * @param starter starts the server
   */
  public ServeTry(Console console, Supplier<TryServer> starter) {
    this.console = console;
    this.starter = starter;
  }

  /**
   * Serves until Ctrl-C or SIGTERM; returns only when its thread is interrupted.
   *
   * @param credentials the file that submitters need, to say where it is
   * @param beyondLoopback whether others can reach the server
   * @param jobUser whom jobs run as, or null
   */
  public void run(Path credentials, boolean beyondLoopback, String jobUser)
      throws InterruptedException {
    if (beyondLoopback) {
      warnOf(jobUser);
    }
    console.info("preparing the server's clone; the first time takes a while");
    try (TryServer server = starter.get()) {
      console.result("Try Server at " + server.uri());
      console.info(
          "submit with (elsewhere, with a copy): AWS_SHARED_CREDENTIALS_FILE=" + credentials);
      console.info("  hgauto try --server " + server.root());
      console.info("Ctrl-C ends it and the run under way.");
      OnShutdown.during(
          () -> {
            new CountDownLatch(1).await();
            return null;
          },
          () -> end(server));
    }
  }

  private void warnOf(String jobUser) {
    console.warn(
        "this server can be reached from other machines. A submission is code that will run here,"
            + " for whoever holds the credentials.");
    console.warn(
        jobUser == null
            ? "It runs with all the rights of this account; --job-user NAME runs it as another."
            : "It runs as " + jobUser + ".");
    console.warn(
        "Results are shown to whoever has the token in the address below. Neither is encrypted on"
            + " its way: put an SSH tunnel or an HTTPS proxy in front.");
  }

  private void end(TryServer server) {
    console.lastWord("interrupted: ending the run under way and the server");
    server.close();
  }
}
