package hgauto.tryserver;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * How a run's status looks: a word, a symbol and a colour, always together.
 *
 * @param word what it is called
 * @param symbol one character for the eye, to be hidden from screen readers
 * @param style the CSS class that gives the colour
 * @param icon the page's icon, a {@code data:} URL
 */
public record StatusMark(String word, String symbol, String style, String icon) {
  /** The mark of a status. */
  public static StatusMark of(RunStatus status) {
    String style = status.name().toLowerCase(Locale.ROOT);
    return switch (status) {
      case QUEUED ->
          new StatusMark("Waiting", "…", style, icon("#59636e", "M4 8h.1M8 8h.1M12 8h.1"));
      case RUNNING -> new StatusMark("Running", "▸", style, icon("#0a5cc2", "M6.5 5l4 3-4 3z"));
      case PASSED ->
          new StatusMark("Passed", "✓", style, icon("#1a7f37", "M4.5 8.5l2.5 2.5 4.5-6"));
      case FAILED -> new StatusMark("Failed", "✗", style, icon("#c4242b", "M5 5l6 6M11 5l-6 6"));
      case ERROR -> new StatusMark("No verdict", "!", style, icon("#8a5300", "M8 4v5M8 11.9v.1"));
      case INTERRUPTED -> new StatusMark("Interrupted", "■", style, icon("#59636e", "M6 6h4v4H6z"));
    };
  }

  /** The icon of a page that is about no single run. */
  public static String plainIcon() {
    return icon("#59636e", "M4.5 5.5h7M4.5 8h7M4.5 10.5h7");
  }

  private static String icon(String colour, String path) {
    String svg =
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='8' fill='"
            + colour
            + "'/><path d='"
            + path
            + "' fill='none' stroke='#fff' stroke-width='2' stroke-linecap='round'/></svg>";
    return "data:image/svg+xml,"
        + URLEncoder.encode(svg, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
