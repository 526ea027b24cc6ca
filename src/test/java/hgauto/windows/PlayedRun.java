package hgauto.windows;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.poll.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The scheduled tasks of a Windows machine whose drive is a folder of this one, with a clock that
 * pauses move on. At each pause the task goes one step further.
 */
final class PlayedRun implements SystemScripts {
  /** What a task does in a moment. */
  interface Step {
    void go(Path folder) throws IOException, InterruptedException;
  }

  private final Path drive;
  private final Deque<Step> steps = new ArrayDeque<>();
  final List<String> called = new ArrayList<>();

  /** The names of the values that start-run.ps1 got. */
  final List<String> given = new ArrayList<>();

  private Instant now = Instant.parse("2026-11-24T20:15:30Z");
  private Path folder;
  String state = "Running, last result 267009, 20000 MiB free on C:";
  EnvironmentException refusal;

  /** What end-run.ps1 waits for. */
  CountDownLatch endsWhen = new CountDownLatch(0);

  /** What happens just before look-at-run.ps1 tells the state. */
  Step whenAsked = run -> {};

  /** Why look-at-run.ps1 cannot be run, the next times. */
  final Deque<HgautoException> silence = new ArrayDeque<>();

  /**
   * @param drive of the machine: {@code C:\}
   */
  PlayedRun(Path drive) {
    this.drive = drive;
  }

  /** Adds what the task does next. */
  PlayedRun then(Step step) {
    steps.add(step);
    return this;
  }

  /** It prints. */
  PlayedRun prints(byte[] bytes) {
    return then(
        run ->
            Files.write(
                run.resolve("log.txt"),
                bytes,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND));
  }

  PlayedRun prints(String text) {
    return prints(text.getBytes(UTF_8));
  }

  /** It does nothing for a while. */
  PlayedRun isQuiet(Duration time) {
    return then(run -> now = now.plus(time));
  }

  /** It ends. */
  PlayedRun exits(int code) {
    return then(run -> Files.writeString(run.resolve("exit.txt"), Integer.toString(code)));
  }

  Poll poll() {
    return new Poll(
        () -> now,
        pause -> {
          now = now.plus(pause);
          if (folder != null && !steps.isEmpty()) {
            go(steps.remove());
          }
        });
  }

  private void go(Step step) throws InterruptedException {
    try {
      step.go(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String script) {
    try {
      Files.writeString(Files.createDirectory(folder).resolve("run.ps1"), script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is in the folder of the run. */
  String file(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  @Override
  public String run(WindowsScript script, JsonObject values, Duration atMost)
      throws InterruptedException {
    called.add(script.name());
    Path run = drive.resolve("hgdev/runs").resolve(values.get("run").getAsString());
    return switch (script.name()) {
      case "start-run.ps1" -> {
        if (refusal != null) {
          throw refusal;
        }
        folder = run;
        if (values.has("script")) {
          write(values.get("script").getAsString());
        }
        given.addAll(values.keySet());
        called.add("at most " + values.get("atMostSeconds"));
        yield "";
      }
      case "look-at-run.ps1" -> {
        if (!silence.isEmpty()) {
          throw silence.remove();
        }
        go(whenAsked);
        yield state + "\r\n";
      }
      case "end-run.ps1" -> {
        steps.clear();
        endsWhen.await();
        yield "";
      }
      default -> throw new AssertionError(script.name());
    };
  }
}
