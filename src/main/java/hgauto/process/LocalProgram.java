package hgauto.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a program on this machine to its end. */
public final class LocalProgram {
  private static final Logger LOG = LoggerFactory.getLogger(LocalProgram.class);

  private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

  private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

  private LocalProgram() {}

  /** What a program left behind; text is read as UTF-8, malformed bytes replaced. */
  public static final class Result {
    private final int exitCode;
    private final byte[] output;
    private final byte[] errors;

    private Result(int exitCode, byte[] output, byte[] errors) {
      this.exitCode = exitCode;
      this.output = output;
      this.errors = errors;
    }

    /** Its exit code. */
    public int exitCode() {
      return exitCode;
    }

    /** All that it wrote to standard output. */
    public byte[] output() {
      return output.clone();
    }

    /** The same as text. */
    public String out() {
      return new String(output, StandardCharsets.UTF_8);
    }

    /** All that it wrote to standard error. */
    public String err() {
      return new String(errors, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return "exit code " + exitCode + ", output: " + out() + ", errors: " + err();
    }
  }

  /** A program could not be started, and so has done nothing. */
  public static final class NotStartedException extends IOException {
    private static final long serialVersionUID = 1L;

    private NotStartedException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Runs the program, with nothing on its standard input, and waits for its end. Where this process
   * is ended meanwhile, the program is too.
   *
   * @param argv the program and its arguments; no shell sees them
   * @param folder where it runs
   * @param environment added to our own environment
   * @param atMost how long it may take; then it is killed
   * @throws NotStartedException when it cannot be started
   * @throws IOException when it took longer than {@code atMost}
   */
  public static Result run(
      List<String> argv, Path folder, Map<String, String> environment, Duration atMost)
      throws IOException {
    return run(argv, folder, environment, atMost, NOW, OutputStream::close);
  }

  /**
   * The same for a program that is started ahead of its time, and waits for a line on its standard
   * input. That ends when we do, even by {@code kill -9}, so the program can notice it.
   *
   * @param ready when the line is written
   * @param atMost how long it may take from then on
   */
  public static Result runWhen(
      CompletableFuture<Void> ready,
      List<String> argv,
      Path folder,
      Map<String, String> environment,
      Duration atMost)
      throws IOException {
    return run(
        argv,
        folder,
        environment,
        atMost,
        ready,
        input -> {
          CompletableFuture<Void> unused = ready.thenRun(() -> writeLine(input));
        });
  }

  /** What is done with the program's standard input as soon as it is started. */
  @FunctionalInterface
  private interface Input {
    void begin(OutputStream input) throws IOException;
  }

  private static void writeLine(OutputStream input) {
    try {
      input.write('\n');
      input.flush();
    } catch (IOException e) {
      LOG.debug("the program has ended already", e);
    }
  }

  private static Result run(
      List<String> argv,
      Path folder,
      Map<String, String> environment,
      Duration atMost,
      CompletableFuture<Void> ready,
      Input input)
      throws IOException {
    LOG.debug("run {} in {}", argv, folder);
    ProcessBuilder builder = new ProcessBuilder(argv).directory(folder.toFile());
    builder.environment().putAll(environment);
    Process process = start(builder);
    try {
      input.begin(process.getOutputStream());
      Gatherer err = new Gatherer(process.getErrorStream());
      Gatherer out = new Gatherer(process.getInputStream());
      boolean ended =
          OnShutdown.during(
              () -> {
                awaitEither(ready, process);
                return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
              },
              () -> end(process));
      if (!ended) {
        throw new IOException(
            argv.get(0) + " did not end within " + atMost.toSeconds() + " s and was stopped");
      }
      Result result = new Result(process.exitValue(), out.bytes(), err.bytes());
      LOG.debug("{} ended with {}: {}", argv.get(0), result.exitCode(), result.err());
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + argv.get(0) + " ran", e);
    } finally {
      end(process);
    }
  }

  private static Process start(ProcessBuilder builder) throws NotStartedException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new NotStartedException(e);
    }
  }

  private static void awaitEither(CompletableFuture<Void> ready, Process process)
      throws InterruptedException {
    try {
      if (!ready.isDone()) {
        CompletableFuture.anyOf(ready, process.onExit()).get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** What it was writing to is about to be removed, so it has to be gone. */
  private static void end(Process process) {
    process.destroy();
    EndOfProcess.await(process, ENDS_WITHIN);
  }

  /** Reads what a program writes, in a thread of its own: a full pipe would stop the program. */
  private static final class Gatherer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread reader;

    Gatherer(InputStream from) {
      reader =
          new Thread(
              () -> {
                try (from) {
                  from.transferTo(bytes);
                } catch (IOException e) {
                  LOG.debug("the output ends here", e);
                }
              },
              "output");
      reader.setDaemon(true);
      reader.start();
    }

    /**
     * All that the program wrote, once it has ended. A daemon that it left behind can hold the pipe
     * open; that is not waited for.
     */
    byte[] bytes() throws InterruptedException {
      reader.join(ENDS_WITHIN.toMillis());
      return bytes.toByteArray();
    }
  }
}
