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
  /** Of what messages say of a command, in characters. */
  private static final int LONGEST = 80;

  private final String name;
  private final List<String> argv;
  private final boolean guarded;

  private Command(String name, List<String> argv, boolean guarded) {
    this.name = name;
    this.argv = List.copyOf(argv);
    this.guarded = guarded;
  }

  /** A program that is on the PATH there, or a path, with its arguments. */
  public static Command of(String... argv) {
    return new Command(shortened(String.join(" ", argv)), List.of(argv), false);
  }

  /**
   * A script for bash, with its arguments.
   *
   * @param name what bash's messages and ours call it
   * @param script its text, 100 KB at most: Linux takes no longer argument
   */
  public static Command bash(String name, String script, List<String> arguments) {
    return script("/bin/bash", name, script, arguments);
  }

  /** The same for a POSIX shell. */
  public static Command sh(String name, String script, List<String> arguments) {
    return script("/bin/sh", name, script, arguments);
  }

  private static Command script(String shell, String name, String script, List<String> arguments) {
    List<String> argv = new ArrayList<>(List.of(shell, "-c", script, name));
    argv.addAll(arguments);
    return new Command(name, argv, false);
  }

  /**
   * The same, but everything that it starts is ended when it ends, when its channel is closed, and
   * when the connection breaks.
   *
   * @param python the path of Python 3 there
   */
  public Command guarded(String python) {
    return new Command(name, Guard.over(List.of(python), Optional.empty(), argv), true);
  }

  /** Whether its standard input must stay open for as long as it is to run. */
  boolean isGuarded() {
    return guarded;
  }

  /** The line that the account's shell is given. */
  String line() {
    return argv.stream().map(Shell::quoted).collect(Collectors.joining(" "));
  }

  /** For a message: the name of a script, or the beginning of what runs. */
  @Override
  public String toString() {
    return name;
  }

  /** The beginning of its first line; dots stand for the rest. */
  private static String shortened(String words) {
    String line = words.lines().findFirst().orElse("");
    String begin = line.substring(0, Math.min(line.length(), LONGEST));
    return begin.equals(words) ? words : begin + "…";
  }
}
