package hgauto.tryserver;

import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring lines of a test's output that are of one kind.
 *
 * @param kind what the lines are
 * @param text the lines, with their line ends
 */
public record DiffPiece(Kind kind, String text) {
  /** What a line of a unified diff tells. */
  public enum Kind {
    /** The same in both, or no diff at all. */
    SAME,
    /** Only in what the test printed. */
    ADDED,
    /** Only in what was expected. */
    REMOVED,
    /** Where in the file. */
    PLACE
  }

  /** Cuts the output into pieces, in order and without loss. */
  public static List<DiffPiece> of(String output) {
    List<DiffPiece> pieces = new ArrayList<>();
    boolean inside = false;
    Kind kind = Kind.SAME;
    int start = 0;
    for (int line = 0; line < output.length(); ) {
      inside |= output.startsWith("@@ ", line);
      Kind next = inside ? kindOf(output.charAt(line)) : Kind.SAME;
      if (next != kind && line > start) {
        pieces.add(new DiffPiece(kind, output.substring(start, line)));
        start = line;
      }
      kind = next;
      int end = output.indexOf('\n', line);
      line = end < 0 ? output.length() : end + 1;
    }
    if (start < output.length()) {
      pieces.add(new DiffPiece(kind, output.substring(start)));
    }
    return pieces;
  }

  private static Kind kindOf(char first) {
    return switch (first) {
      case '+' -> Kind.ADDED;
      case '-' -> Kind.REMOVED;
      case '@' -> Kind.PLACE;
      default -> Kind.SAME;
    };
  }
}
