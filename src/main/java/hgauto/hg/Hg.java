package hgauto.hg;

import hgauto.error.EnvironmentException;
import hgauto.process.LocalProgram;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The {@code hg} program of this machine. It runs with {@code HGPLAIN} set, so that a user's
 * aliases, colours and translations do not change what it prints, and with {@code
 * HGENCODING=utf-8}, so that text is read and written the same everywhere (see {@code hg help
 * environment}).
 */
public final class Hg {
  /** A first clone of Mercurial over a slow line takes the longest. */
  private static final Duration AT_MOST = Duration.ofHours(1);

  private static final Map<String, String> PLAIN =
      Map.of("HGPLAIN", "1", "HGPLAINEXCEPT", "", "HGENCODING", "utf-8");

  private final String program;
  private final Map<String, String> environment;

  /**
   * @param program a path, or a name that is looked up on the PATH
   */
  public Hg(String program) {
    this(program, PLAIN);
  }

  private Hg(String program, Map<String, String> environment) {
    this.program = program;
    this.environment = environment;
  }

  /**
   * The same program, which reads no configuration but the repository's: no hooks, no extensions.
   */
  public Hg withoutUserConfig() {
    return with("HGRCPATH", "");
  }

  /** The same with one more variable in its environment. */
  Hg with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Hg(program, more);
  }

  /**
   * Runs {@code hg} whatever its exit code says.
   *
   * @param folder where it runs
   * @throws EnvironmentException when there is no such program
   */
  LocalProgram.Result attempt(Path folder, List<String> arguments) {
    try {
      return LocalProgram.run(argv(arguments), folder, environment, AT_MOST);
    } catch (IOException e) {
      throw notRun(e);
    }
  }

  /** The same; see {@link LocalProgram#runWhen}. */
  LocalProgram.Result attemptWhen(
      CompletableFuture<Void> ready, Path folder, List<String> arguments) {
    try {
      return LocalProgram.runWhen(ready, argv(arguments), folder, environment, AT_MOST);
    } catch (IOException e) {
      throw notRun(e);
    }
  }

  private List<String> argv(List<String> arguments) {
    List<String> argv = new ArrayList<>();
    argv.add(program);
    argv.addAll(arguments);
    return argv;
  }

  private EnvironmentException notRun(IOException e) {
    return new EnvironmentException(
        "cannot run Mercurial's " + program,
        Reason.of(e),
        "Install Mercurial, or name its program with --hg or in the environment variable HG.",
        e);
  }

  /**
   * Runs {@code hg} and returns what it printed.
   *
   * @param purpose what it is run for, to begin an error with: "cannot clone /src/hg"
   * @throws EnvironmentException when it ends with anything but 0
   */
  public String run(String purpose, Path folder, List<String> arguments) {
    LocalProgram.Result result = attempt(folder, arguments);
    if (result.exitCode() != 0) {
      throw new EnvironmentException(purpose, reason(result), "");
    }
    return result.out();
  }

  /** What {@code hg} says of its failure, without the word "abort". */
  static String reason(LocalProgram.Result result) {
    String err = result.err().strip();
    if (err.isEmpty()) {
      return "hg ended with code " + result.exitCode();
    }
    return err.startsWith("abort: ") ? err.substring("abort: ".length()) : err;
  }
}
