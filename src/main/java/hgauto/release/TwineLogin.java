package hgauto.release;

import hgauto.process.LocalProgram;
import hgauto.resource.Resource;
import hgauto.state.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether an index knows the person whom twine would upload as, which twine itself does not tell
 * before it uploads. {@code twine_login.py} asks, in the Python that runs twine.
 *
 * @param answer what came of it
 * @param reason in one line; it has no credentials in it
 */
record TwineLogin(Answer answer, String reason) {
  private static final Duration AT_MOST = Duration.ofMinutes(2);

  /** What comes of asking; the script says it in lower case. */
  enum Answer {
    /** The index would take an upload. */
    KNOWN,
    /** The index does not let that person in. */
    REFUSED,
    /** Twine finds no credentials. */
    MISSING,
    /** There is no way to the index from here, or not by the proxy that is named. */
    UNREACHABLE,
    /** That does not tell. */
    UNKNOWN
  }

  /**
   * Asks; nothing is uploaded.
   *
   * @param twine a path, or a name that is looked up on the PATH
   * @param address which index that is, as twine's options have it
   * @param home the person's
   * @param environment of twine, added to our own
   */
  static TwineLogin ask(
      String twine, List<String> address, Path home, Map<String, String> environment) {
    try {
      Optional<Path> python = python(twine, environment);
      if (python.isEmpty()) {
        return new TwineLogin(Answer.UNKNOWN, "there is no Python beside " + twine);
      }
      List<String> script =
          List.of(
              python.get().toString(),
              "-I",
              "-c",
              Resource.text(TwineLogin.class, "twine_login.py"));
      List<String> argv = Stream.concat(script.stream(), address.stream()).toList();
      LocalProgram.Result result = LocalProgram.run(argv, home, environment, AT_MOST);
      return result.exitCode() == 0
          ? of(result.out())
          : new TwineLogin(Answer.UNKNOWN, "its Python ended with code " + result.exitCode());
    } catch (IOException e) {
      return new TwineLogin(Answer.UNKNOWN, Reason.of(e));
    }
  }

  private static TwineLogin of(String said) {
    String[] parts = said.strip().split("\t", 2);
    return Stream.of(Answer.values())
        .filter(answer -> answer.name().equalsIgnoreCase(parts[0]))
        .map(answer -> new TwineLogin(answer, parts.length == 2 ? parts[1] : ""))
        .findFirst()
        .orElseGet(() -> new TwineLogin(Answer.UNKNOWN, "its Python says: " + said.strip()));
  }

  /** The Python beside it, which is the one of its environment; pip, pipx and uv have it so. */
  private static Optional<Path> python(String twine, Map<String, String> environment)
      throws IOException {
    String path = environment.getOrDefault("PATH", "");
    String name = twine.endsWith(TwineEnvironment.EXE) ? twine : twine + TwineEnvironment.EXE;
    Optional<Path> program =
        Arrays.stream(path.split(File.pathSeparator))
            .map(folder -> Path.of(folder).resolve(name))
            .filter(Files::isExecutable)
            .findFirst();
    return program.isEmpty()
        ? Optional.empty()
        : Optional.of(
                program
                    .get()
                    .toRealPath()
                    .resolveSibling(TwineEnvironment.PYTHON + TwineEnvironment.EXE))
            .filter(Files::isExecutable);
  }
}
