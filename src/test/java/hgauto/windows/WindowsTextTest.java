package hgauto.windows;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTextTest {
  private static final Charset CODE_PAGE = Charset.forName("windows-1252");
  private static final String TEXT =
      "caf\u00e9 \u201cna\u00efve\u201d\r\n\r\nsecond \u20ac line\r\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final WindowsText text = new WindowsText(out);

  private String passed() {
    return out.toString(UTF_8);
  }

  /** Gives it the bytes in parts of that size, each followed by a flush. */
  private void write(byte[] bytes, int size) throws IOException {
    for (int at = 0; at < bytes.length; at += size) {
      byte[] part = new byte[Math.min(size, bytes.length - at)];
      System.arraycopy(bytes, at, part, 0, part.length);
      text.write(part);
      text.flush();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void utf8StaysAsItIs(int size) throws IOException {
    write(TEXT.getBytes(UTF_8), size);
    assertThat(passed()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void utf16BecomesUtf8(int size) throws IOException {
    write(("\ufeff" + TEXT).getBytes(UTF_16LE), size);
    assertThat(passed()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void theCodePageBecomesUtf8(int size) throws IOException {
    write(TEXT.getBytes(CODE_PAGE), size);
    assertThat(passed()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void oneLogMayHaveAll(int size) throws IOException {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    for (Charset charset : new Charset[] {UTF_8, UTF_16LE, CODE_PAGE, UTF_16LE, UTF_8}) {
      log.write(TEXT.getBytes(charset));
    }
    write(log.toByteArray(), size);
    assertThat(passed()).isEqualTo(TEXT.repeat(5));
  }

  /** As PowerShell 5.1 writes: with {@code >} there is a mark, with {@code >>} there is none. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 1000})
  void utf16IsKnownWithAndWithoutAMarkWhereverItBegins(int size) throws IOException {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    log.write("account x\r\n".getBytes(UTF_8));
    log.write(("\ufeff" + TEXT).getBytes(UTF_16LE));
    log.write(TEXT.getBytes(UTF_16LE));
    log.write("na\u00efve\n".getBytes(CODE_PAGE));
    log.write(("\ufeff" + TEXT).getBytes(UTF_16LE));
    log.write("the end".getBytes(UTF_16LE));
    write(log.toByteArray(), size);
    text.end();
    assertThat(passed())
        .isEqualTo("account x\r\n" + TEXT + TEXT + "na\u00efve\n" + TEXT + "the end");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 1000})
  void aLineOfUtf16MayBeginWithAnyCharacter(int size) throws IOException {
    String lines = "one\r\n\u2500\u2500 box\r\n\u2192 arrow\r\n\ud83d\ude00 face\r\nlast\r\n";
    write(lines.getBytes(UTF_16LE), size);
    assertThat(passed()).isEqualTo(lines);
  }

  @Test
  void noCharacterOfALongLineIsCut() throws IOException {
    for (String start : new String[] {"x", "xy"}) {
      String line = start + "\ud83d\ude00".repeat(50_000) + "\r\n";
      text.write(line.getBytes(UTF_16LE));
      text.write(line.getBytes(UTF_8));
      assertThat(passed()).isEqualTo(line + line);
      out.reset();
    }
  }

  @Test
  void linesOfUtf16MayEndWithoutCarriageReturn() throws IOException {
    write("one\n\n\ntwo \u20ac\n".getBytes(UTF_16LE), 5);
    assertThat(passed()).isEqualTo("one\n\n\ntwo \u20ac\n");
  }

  @Test
  void whatIsUnderWayIsPassedOnAsFarAsItIsTheSameInAll() throws IOException {
    text.write("..".getBytes(UTF_8));
    assertThat(passed()).isEmpty();
    text.flush();
    assertThat(passed()).isEqualTo("..");
    text.write("\u00e9".getBytes(CODE_PAGE));
    text.flush();
    assertThat(passed()).isEqualTo("..");
    text.write("\n".getBytes(UTF_8));
    assertThat(passed()).isEqualTo("..\u00e9\n");
  }

  @Test
  void atTheEndThereIsNothingLeft() throws IOException {
    text.write("caf\u00e9".getBytes(CODE_PAGE));
    text.end();
    assertThat(passed()).isEqualTo("caf\u00e9");
  }

  @Test
  void aLineOfAMegabyteIsPassedOnInParts() throws IOException {
    String line = "\u00e9x".repeat(500_000);
    text.write(line.getBytes(UTF_8));
    assertThat(out.size()).isGreaterThan(1_000_000);
    text.write("\nnext\n".getBytes(UTF_8));
    assertThat(passed()).isEqualTo(line + "\nnext\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\0\nnext\nmore\n", "+\0foo\nbar\nbaz\n", "abc\0\nnext\n"})
  void aZeroByItselfIsNoUtf16(String lines) throws IOException {
    write(lines.getBytes(UTF_8), 3);
    assertThat(passed()).isEqualTo(lines);
  }

  /** Half of the second character is a line feed's byte, as is that of many Chinese ones. */
  @Test
  void aCharacterWithTheByteOfALineFeedEndsNoLine() throws IOException {
    write("one \u4e0a \u0a05\r\nnext\r\n".getBytes(UTF_16LE), 3);
    assertThat(passed()).isEqualTo("one \u4e0a \u0a05\r\nnext\r\n");
  }

  @Test
  void bytesThatAreNoTextComeToAnEnd() throws IOException {
    byte[] all = new byte[256];
    for (int value = 0; value < all.length; value++) {
      all[value] = (byte) value;
    }
    write(all, 7);
    text.end();
    assertThat(passed()).contains(new String(all, 32, 95, ISO_8859_1));
  }
}
