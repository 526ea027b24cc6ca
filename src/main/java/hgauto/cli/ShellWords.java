package hgauto.cli;

import hgauto.error.UsageException;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a text into words as a POSIX shell does: at blanks outside of quotes, with {@code '…'},
 * {@code "…"} and backslashes. Nothing is expanded.
 */
final class ShellWords {
  /** What a backslash takes its meaning from between double quotes; others stay as they are. */
  private static final String ESCAPED_IN_QUOTES = "$`\"\\";

  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();

  /** Whether a word is under way, which may be empty: there were quotes. */
  private boolean begun;

  private int at;

  private ShellWords(String text) {
    this.text = text;
  }

  /**
   * The words of the text.
   *
   * @throws UsageException if a quote is not closed, or a backslash is at the end
   */
  static List<String> of(String text) {
    return new ShellWords(text).split();
  }

  private List<String> split() {
    while (at < text.length()) {
      char next = text.charAt(at++);
      if (Character.isWhitespace(next)) {
        end();
      } else {
        begun = true;
        switch (next) {
          case '\'', '"' -> quoted(next);
          case '\\' -> word.append(escaped());
          default -> word.append(next);
        }
      }
    }
    end();
    return words;
  }

  private void quoted(char quote) {
    char next = next("its quote " + quote + " is not closed");
    while (next != quote) {
      boolean escape = next == '\\' && quote == '"' && at < text.length();
      if (escape && ESCAPED_IN_QUOTES.indexOf(text.charAt(at)) >= 0) {
        next = escaped();
      }
      word.append(next);
      next = next("its quote " + quote + " is not closed");
    }
  }

  private char escaped() {
    return next("there is nothing after its backslash");
  }

  private char next(String why) {
    if (at == text.length()) {
      throw new UsageException("cannot split into words: " + text, why, "Quote it as for a shell.");
    }
    return text.charAt(at++);
  }

  private void end() {
    if (begun) {
      words.add(word.toString());
    }
    word.setLength(0);
    begun = false;
  }
}
