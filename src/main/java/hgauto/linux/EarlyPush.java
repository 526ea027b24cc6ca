package hgauto.linux;

import hgauto.hg.Push;
import hgauto.machine.OpenSshAccess;
import hgauto.process.OnShutdown;
import hgauto.suite.TestSource;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A push to {@code /hgwork/src} that begins before that is there: {@code hg} starts, and {@code
 * ssh} connects and logs in, while the folder is made.
 */
final class EarlyPush implements AutoCloseable {
  private static final String SOURCE = "/hgwork/src";
  private static final String REMOTE_HG = "/hgdev/venv-bootstrap/bin/hg";

  private final Worker worker;
  private final TestSource source;
  private final Path keyFile;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Boolean> pushed = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "push");

  private EarlyPush(Worker worker, TestSource source, Path keyFile) {
    this.worker = worker;
    this.source = source;
    this.keyFile = keyFile;
  }

  /**
   * Begins it.
   *
   * @param keyFile the private key that opens the machine
   */
  static EarlyPush begin(Worker worker, TestSource source, Path keyFile) {
    EarlyPush begun = new EarlyPush(worker, source, keyFile);
    begun.thread.setDaemon(true);
    begun.thread.start();
    return begun;
  }

  private void run() {
    try {
      pushed.complete(push());
    } catch (InterruptedException | RuntimeException | Error e) {
      pushed.completeExceptionally(e);
    }
  }

  private boolean push() throws InterruptedException {
    try (OpenSshAccess access = OpenSshAccess.to(worker.ssh(), keyFile)) {
      Push to = new Push(worker.name(), access.url(SOURCE), access.command(), REMOTE_HG);
      return OnShutdown.during(
          () -> {
            CompletableFuture<Void> connected = access.connectAhead();
            return source
                .checkout()
                .push(source.changeset(), to, CompletableFuture.allOf(ready, connected));
          },
          access::close);
    }
  }

  /** The folder is there. */
  void ready() {
    ready.complete(null);
  }

  /**
   * Waits for its end.
   *
   * @param lost fails when the folder is not ours any more, and so does this
   * @return false if all of it was there already
   * @throws hgauto.error.EnvironmentException when it cannot be pushed; it says hg's reason
   */
  boolean await(CompletableFuture<Void> lost) throws InterruptedException {
    try {
      CompletableFuture.anyOf(pushed, lost).get();
      return pushed.get();
    } catch (ExecutionException e) {
      throw Outcome.failure(e);
    }
  }

  /** Ends it, if it has not come to its end, and waits until nothing of it is left. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      interrupted = true; // in the end it goes by itself
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
