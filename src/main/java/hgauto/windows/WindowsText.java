package hgauto.windows;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/**
 * Makes UTF-8 of what programs on Windows print. The lines of one log differ: most are in UTF-8,
 * some programs' in UTF-16, with or without a mark before it, as PowerShell 5.1 redirects output;
 * and those of old ones in the machine's code page, 1252. So each line is looked at: whether it has
 * a 0 where only UTF-16 has one, which is in its first character or in its end; and whether it is
 * UTF-8. A 0 may be just that, too: one that then has the byte of a line feed where UTF-16 has none
 * is not UTF-16, unless most of its characters are ASCII as that has them.
 */
final class WindowsText {
  private static final Charset CODE_PAGE = Charset.forName("windows-1252");

  /** A longer line is passed on in parts, in bytes. */
  private static final int LONGEST = 1 << 16;

  private final OutputStream out;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  /** Whether a part of this line is passed on already. */
  private boolean begun;

  /** Whether this line is UTF-16, little endian. */
  private boolean wide;

  private byte last = '\n';

  /**
   * @param out is not closed
   */
  WindowsText(OutputStream out) {
    this.out = out;
  }

  /** Passes on those lines that are whole. */
  void write(byte[] bytes) throws IOException {
    for (byte next : bytes) {
      take(next);
    }
  }

  /** Passes on a line that is under way, too, if it is ASCII so far: then it is the same in all. */
  void flush() throws IOException {
    if (!wide && held.size() > (begun ? 0 : 1) && isAscii(held.toByteArray())) {
      pass();
      begun = true;
    }
    out.flush();
  }

  /** Passes on what is left: there is no more. */
  void end() throws IOException {
    pass();
    out.flush();
  }

  private void take(byte next) throws IOException {
    if (next == 0 && last == '\n' && held.size() == 0) {
      last = next;
      return; // the other half of a line feed
    }
    held.write(next);
    if (held.size() == 2 && !begun) {
      byte[] start = held.toByteArray();
      wide = next == 0 || start[0] == 0 || (start[0] == (byte) 0xff && start[1] == (byte) 0xfe);
    } else if (next == '\n' && last == 0 && !begun && held.size() % 2 == 1) {
      wide = true; // its first character just was none of Latin-1
    }
    if (wide && isStray(next) && !isMostlyWideAscii()) {
      takeAgainAsBytes();
      return;
    }
    boolean whole = !wide || held.size() % 2 == 0;
    if (wide ? whole && next == 0 && last == '\n' : next == '\n') {
      pass();
      begun = false;
      wide = false;
    } else if (held.size() >= LONGEST && whole && !isWithinCharacter(next)) {
      pass();
      begun = true;
    }
    last = next;
  }

  /** Whether this ends a character of UTF-16 that has a line feed's byte, and is none. */
  private boolean isStray(byte next) {
    return held.size() % 2 == 0 && (next == '\n' || (last == '\n' && next != 0));
  }

  private boolean isMostlyWideAscii() {
    byte[] bytes = held.toByteArray();
    int ascii = 0;
    for (int at = 0; at + 1 < bytes.length; at += 2) {
      boolean isMark = at == 0 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe;
      ascii += isMark ? bytes.length : bytes[at + 1] == 0 ? 1 : 0; // a mark leaves no doubt
    }
    return ascii > bytes.length / 4;
  }

  /** The line that is held ends at its first line feed; what comes after is the next. */
  private void takeAgainAsBytes() throws IOException {
    byte[] bytes = held.toByteArray();
    int end = 0;
    while (bytes[end] != '\n') {
      end++;
    }
    wide = false;
    begun = false;
    held.reset();
    held.write(bytes, 0, end + 1);
    pass();
    last = '\n';
    for (int at = end + 1; at < bytes.length; at++) {
      take(bytes[at]);
    }
  }

  /** Whether a character may go on after this byte, which is the last of two in UTF-16. */
  private boolean isWithinCharacter(byte next) {
    return wide ? (next & 0xfc) == 0xd8 : next <= 0;
  }

  private void pass() throws IOException {
    byte[] bytes = held.toByteArray();
    held.reset();
    if (wide) {
      out.write(new String(bytes, UTF_16LE).replace("\ufeff", "").getBytes(UTF_8));
    } else {
      out.write(isUtf8(bytes) ? bytes : new String(bytes, CODE_PAGE).getBytes(UTF_8));
    }
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte each : bytes) {
      if (each <= 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
