package hgauto.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A class with a main method, of the tests or of the product, in a JVM of its own, whose standard
 * input stays open until it is told otherwise. Closing it kills it.
 */
public final class JavaProgram implements AutoCloseable {
  private final Process process;
  private final Path out;
  private final Path err;

  /**
   * Starts it.
   *
   * @param folder gets its output
   * @param environment added to that of the tests
   */
  public JavaProgram(
      Class<?> main, Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    out = folder.resolve("out");
    err = folder.resolve("err");
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    argv.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(argv).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /** What it has written to standard output so far. */
  public String out() {
    return read(out);
  }

  /** What it has written to standard error so far. */
  public String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has written this to either, two minutes at most. */
  public JavaProgram awaitWords(String words) {
    Awaitility.await(words)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              boolean said = (out() + err()).contains(words);
              if (!said && !process.isAlive()) {
                throw new AssertionError("ended without \"" + words + "\": " + out() + err());
              }
              return said;
            });
    return this;
  }

  /** Sends it a signal, such as {@code INT}. */
  public JavaProgram signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  /** Ends its standard input. */
  public JavaProgram endInput() throws IOException {
    process.getOutputStream().close();
    return this;
  }

  /** Waits for its end, two minutes at most, and returns its exit code. */
  public int end() {
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        throw new AssertionError("did not end: " + out() + err());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Kills it with -9, and waits for that. */
  @Override
  public void close() {
    process.destroyForcibly();
    end();
  }
}
