package hgauto.linux;

import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.machine.Command;
import hgauto.machine.Lines;
import hgauto.resource.Resource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The folder {@code /hgwork} of a machine, made anew for one run. For as long as this is open,
 * {@code prepare-work.sh} goes on there, so that no other run can take the folder.
 */
final class WorkFolder implements AutoCloseable {
  /** The machine's Python for what must work whichever Python is tested. */
  static final String PYTHON = "/hgdev/venv-bootstrap/bin/python3";

  private static final String SCRIPT = "prepare-work.sh";
  private static final String READY = "ready";
  private static final String CLEAN = "clean";

  /** Nobody's tests take longer; the connection ends it, too. */
  private static final Duration LONGEST = Duration.ofDays(7);

  /** The blocks of a disk that was just made of an image come slowly. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(30);

  private final Worker worker;
  private final Command command;
  private final Complaint complaint = new Complaint();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> clean = new CompletableFuture<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "work folder");

  /** Whether the script has ended, so that another run may have taken the folder. */
  private volatile boolean lost;

  private WorkFolder(Worker worker, Filesystem filesystem, PythonVersion python) {
    this.worker = worker;
    List<String> arguments =
        List.of(
            filesystem.toString(),
            filesystem.needsDisk() ? worker.diskSerial().orElse("") : "",
            python.path(),
            Resource.text(WorkFolder.class, "find_disk.py"));
    this.command =
        Command.bash(SCRIPT, Resource.text(WorkFolder.class, SCRIPT), arguments).guarded(PYTHON);
  }

  /**
   * Makes the folder, with a copy of {@code /hgdev/src} in it. What an earlier run has left there
   * is removed.
   *
   * @throws hgauto.error.EnvironmentException if the machine does not let us, or another run uses
   *     it
   * @throws MachineLostException if it is lost meanwhile
   */
  static WorkFolder prepare(Worker worker, Filesystem filesystem, PythonVersion python)
      throws InterruptedException {
    WorkFolder folder = new WorkFolder(worker, filesystem, python);
    folder.thread.setDaemon(true);
    folder.thread.start();
    boolean done = false;
    try {
      folder.await(folder.ready);
      done = true;
      return folder;
    } finally {
      if (!done) {
        folder.close();
      }
    }
  }

  /**
   * Waits until there is nothing in the working copy of {@code /hgwork/src} that hg does not know;
   * that goes on after {@link #prepare}.
   *
   * @throws hgauto.error.EnvironmentException as {@link #prepare}
   * @throws MachineLostException as {@link #prepare}
   */
  void awaitClean() throws InterruptedException {
    await(clean);
  }

  /** Fails when the script has ended, as {@link #prepare} does; it has no other end. */
  CompletableFuture<Void> end() {
    return end;
  }

  private void await(CompletableFuture<Void> step) throws InterruptedException {
    try {
      step.get(READY_WITHIN.toMinutes(), TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      throw Outcome.failure(e);
    } catch (TimeoutException e) {
      throw new EnvironmentException(
          "cannot prepare /hgwork on " + worker.name(),
          "it was not ready after " + READY_WITHIN.toMinutes() + " minutes",
          "Look at its disks.",
          e);
    }
  }

  private void run() {
    try {
      int code = runScript();
      lost = true;
      fail(complaint.about("cannot prepare /hgwork on " + worker.name(), code));
    } catch (InterruptedException e) {
      fail(e); // by close
    } catch (MachineLostException e) {
      // Where the connection is cut, what has become of the tests tells whether that matters.
      lost = worker.ssh().isOpen();
      fail(e);
    } catch (RuntimeException | Error e) {
      lost = true;
      fail(e);
    }
  }

  private void fail(Throwable why) {
    ready.completeExceptionally(why);
    clean.completeExceptionally(why);
    end.completeExceptionally(why);
  }

  private int runScript() throws InterruptedException {
    try (Lines out = new Lines(this::heard);
        Lines err = new Lines(complaint::add)) {
      return worker.ssh().run(command, out, err, LONGEST);
    }
  }

  private void heard(String line) {
    if (line.equals(READY)) {
      ready.complete(null);
    } else if (line.equals(CLEAN)) {
      clean.complete(null);
    }
  }

  /**
   * Sees to it that the folder has been ours all the time.
   *
   * @throws RemoteWorkException if it has not: another run may have made it anew meanwhile
   */
  void checkHeld() {
    if (lost) {
      throw new RemoteWorkException(
          "the tests on " + worker.name() + " have no verdict",
          SCRIPT + " ended there before them, so another run may have used /hgwork meanwhile",
          "Look at what ended it, and run the command again.");
    }
  }

  /** Lets go of the folder; it stays for people to look into. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
