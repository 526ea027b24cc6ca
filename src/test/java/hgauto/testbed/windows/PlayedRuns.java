package hgauto.testbed.windows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The scheduled tasks of a machine: what {@code start-run.ps1}, {@code run-as-administrator.ps1},
 * {@code look-at-run.ps1} and {@code end-run.ps1} do. That a task is ended when its time is up is
 * not played.
 */
final class PlayedRuns {
  private static final String RUNS = "C:\\hgdev\\runs\\";
  private static final String WRAPPER = RUNS + "run-as-administrator.ps1";

  /** What Windows has for the result of a task that runs (SCHED_S_TASK_RUNNING). */
  private static final int RUNNING = 0x41301;

  private final Runner runner;
  private final Map<String, Task> tasks = new HashMap<>();

  /** Runs a script to its end. */
  interface Runner {
    int run(String text, OutputStream out) throws InterruptedException;
  }

  private static final class Task {
    private final Thread thread;
    private volatile int result = RUNNING;

    Task(String name, TaskBody body) {
      thread = new Thread(() -> result = body.run(), name);
      thread.setDaemon(true);
    }
  }

  private interface TaskBody {
    int run();
  }

  PlayedRuns(Runner runner) {
    this.runner = runner;
  }

  Map<String, Play> plays() {
    return Map.of(
        "start-run.ps1", this::start, "look-at-run.ps1", this::look, "end-run.ps1", this::end);
  }

  private synchronized int start(ScriptRun run) throws IOException {
    String name = run.value("run");
    Integer.parseInt(run.value("atMostSeconds"));
    if (tasks.containsKey(name)) {
      return 0; // asked for twice
    }
    tasks.values().removeIf(task -> !task.thread.isAlive());
    String folder = RUNS + name;
    if (run.has("script")) { // a larger one was sent as a file before
      run.drive().makeFolder(folder);
      run.drive().write(folder + "\\run.ps1", run.value("script").getBytes(StandardCharsets.UTF_8));
    }
    String script = Files.readString(run.drive().path(folder + "\\run.ps1"));
    if (PowerShellGrammar.fault(Files.readString(run.drive().path(WRAPPER))).isPresent()) {
      throw new IOException(WRAPPER + " is no PowerShell");
    }
    Task task = new Task(name, () -> carryOut(run.drive(), folder, script));
    tasks.put(name, task);
    task.thread.start();
    return 0;
  }

  /** What {@code run-as-administrator.ps1} does. */
  private int carryOut(DriveC drive, String folder, String script) {
    try {
      drive.write(folder + "\\pid.txt", "4711".getBytes(StandardCharsets.US_ASCII));
      String log = folder + "\\log.txt";
      drive.write(
          log,
          "account EC2AMAZ-STANDIN\\Administrator, profile C:\\Users\\Administrator\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      int code;
      try (OutputStream out = Files.newOutputStream(drive.path(log), StandardOpenOption.APPEND)) {
        code = runner.run(script, out);
      }
      Path exit = drive.path(folder + "\\exit.new");
      drive.write(
          folder + "\\exit.new", Integer.toString(code).getBytes(StandardCharsets.US_ASCII));
      Files.move(exit, exit.resolveSibling("exit.txt"), StandardCopyOption.ATOMIC_MOVE);
      return 0;
    } catch (InterruptedException e) {
      return 1; // ended
    } catch (IOException e) {
      return 1; // the disk is full, or the machine is gone
    }
  }

  private synchronized int look(ScriptRun run) throws IOException {
    Task task = tasks.get(run.value("run"));
    run.print(
        task == null
            ? "Gone"
            : (task.thread.isAlive() ? "Running" : "Ready")
                + ", last result "
                + task.result
                + ", "
                + run.drive().freeMib()
                + " MiB free on C:");
    return 0;
  }

  private synchronized int end(ScriptRun run) throws IOException, InterruptedException {
    Task task = tasks.remove(run.value("run"));
    if (task != null) {
      end(task);
    }
    return 0;
  }

  /** All that runs is ended, as by a restart or with the machine. */
  synchronized void endAll() throws InterruptedException {
    for (Task task : tasks.values()) {
      end(task);
    }
  }

  private static void end(Task task) throws InterruptedException {
    task.thread.interrupt();
    task.thread.join();
  }
}
