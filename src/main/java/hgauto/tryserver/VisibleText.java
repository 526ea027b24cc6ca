package hgauto.tryserver;

/**
 * Makes text safe to look at: what would act on the reader's screen instead of being seen there is
 * shown. Escape and other control characters become their pictures (␛), characters that turn the
 * direction of writing become their names (‹U+202E›), halves of characters become U+FFFD.
 */
final class VisibleText {
  private static final String DIRECTIONS =
      "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

  private VisibleText() {}

  /** The text with tabs and line ends as they are and everything hidden made visible. */
  static String of(String text) {
    StringBuilder visible = new StringBuilder(text.length() + 64);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\r' && i < text.length() && text.charAt(i) == '\n') {
        continue;
      }
      append(visible, c);
    }
    return visible.toString();
  }

  private static void append(StringBuilder visible, int c) {
    if (c == '\n' || c == '\t') {
      visible.append((char) c);
    } else if (c < ' ') {
      visible.append((char) ('\u2400' + c));
    } else if (c == 0x7f) {
      visible.append('\u2421');
    } else if (Character.isISOControl(c) || DIRECTIONS.indexOf(c) >= 0) {
      visible.append(String.format("‹U+%04X›", c));
    } else if (Character.getType(c) == Character.SURROGATE || (c & 0xfffe) == 0xfffe) {
      visible.append('\ufffd');
    } else {
      visible.appendCodePoint(c);
    }
  }
}
