package hgauto.tryserver;

import hgauto.process.EndOfProcess;
import hgauto.process.Guard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a submitter's program under {@code guard.py}, which ends everything that it started when it
 * ends, when it is stopped, and when this process dies.
 */
final class GuardedProcess {
  /** The guard gives 3 s to end in order and 10 s to be killed; see guard.py. */
  private static final Duration GUARD_ENDS_WITHIN = Duration.ofSeconds(20);

  private final Optional<String> user;
  private final Map<String, String> environment;

  /**
   * @param user the account that the program runs as, or empty for ours; needs root
   * @param environment all that the program gets of an environment
   */
  GuardedProcess(Optional<String> user, Map<String, String> environment) {
    this.user = user;
    this.environment = environment;
  }

  /**
   * Runs the program to its end. When the calling thread is interrupted, the program is ended
   * first.
   *
   * @param log gets what it writes to standard output and error
   * @return its exit code, or empty when it was ended because {@code atMost} was over
   * @throws IOException when it cannot be started, or the log cannot be written
   */
  Optional<Integer> run(List<String> program, Path folder, RunLog log, Duration atMost)
      throws IOException, InterruptedException {
    // By way of env(1), which looks python3 up on the PATH that is given here, not on ours.
    List<String> argv = Guard.over(List.of("env", "python3"), user, program);
    ProcessBuilder builder =
        new ProcessBuilder(argv).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    CompletableFuture<Void> copied = copyInBackground(process, log);
    try {
      boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        stop(process);
      }
      copied.get(GUARD_ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS);
      return ended ? Optional.of(process.exitValue()) : Optional.empty();
    } catch (ExecutionException e) {
      throw new IOException("cannot write the log: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException("a process of the job could not be ended", e);
    } finally {
      stop(process);
    }
  }

  private static CompletableFuture<Void> copyInBackground(Process process, RunLog log) {
    CompletableFuture<Void> copied = new CompletableFuture<>();
    Thread copier =
        new Thread(
            () -> {
              try {
                log.appendAll(process.getInputStream());
                copied.complete(null);
              } catch (IOException e) {
                copied.completeExceptionally(e);
                closeStandardInput(process); // the job would wait for ever to be read
              }
            },
            "job-output");
    copier.setDaemon(true);
    copier.start();
    return copied;
  }

  private static void stop(Process process) {
    closeStandardInput(process);
    EndOfProcess.await(process, GUARD_ENDS_WITHIN);
  }

  private static void closeStandardInput(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroyForcibly(); // its end is closed too when it is gone
    }
  }
}
