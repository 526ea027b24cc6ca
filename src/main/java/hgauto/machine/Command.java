package hgauto.machine;

import hgauto.process.Guard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is to be run on another machine, whose account has a POSIX shell. Arguments reach it as they
 * are, whatever is in them. What it reads from standard input is empty.
 */
public final class Command {
  private final List<String> argv;
  private final boolean guarded;

  private Command(List<String> argv, boolean guarded) {
    this.argv = List.copyOf(argv);
    this.guarded = guarded;
  }

  /** A program that is on the PATH there, or a path, with its arguments. */
  public static Command of(String... argv) {
    return new Command(List.of(argv), false);
  }

  /**
   * A script for bash, with its arguments.
   *
   * @param name what bash's messages call it
   * @param script its text, 100 KB at most: Linux takes no longer argument
   */
  public static Command bash(String name, String script, List<String> arguments) {
    List<String> argv = new ArrayList<>(List.of("/bin/bash", "-c", script, name));
    argv.addAll(arguments);
    return new Command(argv, false);
  }

  /**
   * The same, but everything that it starts is ended when it ends, when its channel is closed, and
   * when the connection breaks.
   *
   * @param python the path of Python 3 there
   */
  public Command guarded(String python) {
    return new Command(Guard.over(List.of(python), Optional.empty(), argv), true);
  }

  /** Whether its standard input must stay open for as long as it is to run. */
  boolean isGuarded() {
    return guarded;
  }

  /** The line that the account's shell is given. */
  String line() {
    return argv.stream().map(Command::quoted).collect(Collectors.joining(" "));
  }

  /** For a log: what runs, without the text of scripts. */
  @Override
  public String toString() {
    return argv.stream()
        .map(word -> word.contains("\n") ? "…" : word)
        .collect(Collectors.joining(" "));
  }

  /** In POSIX's shells nothing is special between single quotes. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
