package hgauto.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The built program, {@code target/hgauto}, run as a person would, but with a home, a state folder
 * and a folder for temporary files of its own, no configuration of Mercurial's, and no AWS.
 */
public final class HgautoProgram {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private static final Path ON_TERMINAL =
      Path.of("src/test/resources/hgauto/testbed/on_terminal.py").toAbsolutePath();

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private int count;
  private Path state;

  /** What a run came to. */
  public record Result(int exitCode, String out, String err) {}

  /** A run that goes on. */
  public static final class Running implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private Running(Process process, Path out, Path err) {
      this.process = process;
      this.out = out;
      this.err = err;
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

    /** Its id, also once it is Java. */
    public long pid() {
      return process.pid();
    }

    /** Sends it a signal, such as {@code INT}; to it alone, not to what it has started. */
    public Running signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      return this;
    }

    /** Waits for its end, at most five minutes: a loaded machine builds Mercurial slowly. */
    public Result end() throws InterruptedException {
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        close();
        throw new AssertionError("did not end: " + out() + err());
      }
      return new Result(process.exitValue(), out(), err());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /**
   * @param folder an empty folder for all that the program writes
   */
  public HgautoProgram(Path folder) throws IOException {
    this.folder = folder;
    this.state = folder.resolve("state");
    for (String name : List.of("home", "tmp")) {
      Files.createDirectories(folder.resolve(name));
    }
    makeState(state);
    environment.put("PATH", System.getenv("PATH"));
    environment.put("LANG", "C.UTF-8");
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("TMPDIR", folder.resolve("tmp").toString());
    environment.put("HGRCPATH", "");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
  }

  /** Makes a state folder in which no archive of classes can be made behind the test's back. */
  public static Path makeState(Path state) throws IOException {
    Files.createDirectories(state);
    Files.createFile(state.resolve("cache"));
    return state;
  }

  /** Sets a variable of the environment. */
  public HgautoProgram with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Uses another state folder. */
  public HgautoProgram withState(Path path) {
    state = path;
    return this;
  }

  /** The state folder. */
  public Path state() {
    return state;
  }

  /** The user's home folder. */
  public Path home() {
    return folder.resolve("home");
  }

  /** Holds the working copies of runs, while there are any. */
  public Path temporaryFiles() {
    return folder.resolve("tmp");
  }

  /** Starts it in a folder. */
  public Running start(Path at, String... arguments) throws IOException {
    Path program = TARGET.resolve("hgauto");
    if (!Files.exists(program)) {
      throw new AssertionError("there is no " + program + ": build it with mvn package");
    }
    return start(at, program.toString(), List.of(arguments), true);
  }

  /**
   * Starts it on a terminal of 24 lines of 80 columns, which a person looks at. All that is seen is
   * its standard output; with signal {@code USR1}, the person presses Ctrl-C.
   *
   * @param question the end of the line that the person waits for
   * @param answer what is typed then
   */
  public Running startOnTerminal(Path at, String question, String answer, String... arguments)
      throws IOException {
    List<String> argv =
        new ArrayList<>(
            List.of(
                ON_TERMINAL.toString(),
                question,
                answer,
                TARGET.resolve("hgauto").toString(),
                "--state-path=" + state));
    argv.addAll(List.of(arguments));
    return startOther(at, Requires.program("python3").toString(), argv);
  }

  /** Starts another program in the same environment. */
  public Running startOther(Path at, String program, List<String> arguments) throws IOException {
    return start(at, program, arguments, false);
  }

  private Running start(Path at, String program, List<String> arguments, boolean withState)
      throws IOException {
    count++;
    Path out = folder.resolve("out-" + count);
    Path err = folder.resolve("err-" + count);
    List<String> argv = new ArrayList<>(List.of(program));
    if (withState) {
      argv.add("--state-path=" + state);
    }
    argv.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(at.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Running(builder.start(), out, err);
  }

  /** Runs it to its end. */
  public Result run(Path at, String... arguments) throws IOException, InterruptedException {
    return start(at, arguments).end();
  }
}
