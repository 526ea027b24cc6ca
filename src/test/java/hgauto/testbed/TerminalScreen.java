package hgauto.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person sees on a terminal: it understands no more than what this program writes. */
public final class TerminalScreen {
  private static final Pattern WORD =
      Pattern.compile("\u001b\\[(\\??\\d*)([A-Za-z])|.", Pattern.DOTALL);

  private final int rows;
  private final int columns;

  /** All lines that there ever were; the last {@link #rows} can be written to. */
  private final List<StringBuilder> lines = new ArrayList<>();

  private int row;
  private int column;
  private boolean wraps = true;

  /** An empty one of that size. */
  public TerminalScreen(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    lines.add(new StringBuilder());
  }

  /** Takes what a program prints. */
  public void print(String text) {
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      if (word.group(2) != null) {
        control(word.group(1), word.group(2).charAt(0));
      } else {
        character(word.group().charAt(0));
      }
    }
  }

  private void control(String number, char command) {
    switch (command) {
      case 'A' -> row = Math.max(Math.max(0, lines.size() - rows), row - Integer.parseInt(number));
      case 'K' -> clip(row);
      case 'J' -> {
        clip(row);
        lines.subList(row + 1, lines.size()).forEach(line -> line.setLength(0));
      }
      case 'h', 'l' -> wraps = command == 'h';
      default -> throw new AssertionError("a terminal is told " + number + command);
    }
  }

  private void clip(int which) {
    lines.get(which).setLength(Math.min(column, lines.get(which).length()));
  }

  private void character(char character) {
    if (character == '\r') {
      column = 0;
    } else if (character == '\n') {
      column = 0;
      row++;
      if (row == lines.size()) {
        lines.add(new StringBuilder());
      }
    } else {
      if (column == columns && wraps) {
        character('\n');
      }
      StringBuilder line = lines.get(row);
      column = Math.min(column, columns - 1);
      while (line.length() <= column) {
        line.append(' ');
      }
      line.setCharAt(column, character);
      column++;
    }
  }

  /**
   * All lines from the first, with those that have left the screen; without empty ones at the end.
   */
  public List<String> lines() {
    List<String> all = lines.stream().map(line -> line.toString().stripTrailing()).toList();
    int end = all.size();
    while (end > 0 && all.get(end - 1).isEmpty()) {
      end--;
    }
    return all.subList(0, end);
  }
}
