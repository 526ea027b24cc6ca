package hgauto.machine;

import java.util.regex.Pattern;

/** Words for a POSIX shell. */
final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[\\w./:@%+,-]+");

  private Shell() {}

  /** The word as the shell is to take it; nothing is special between single quotes. */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** The same for people to read and to copy: without quotes where none are needed. */
  static String shown(String word) {
    return PLAIN.matcher(word).matches() ? word : quoted(word);
  }
}
