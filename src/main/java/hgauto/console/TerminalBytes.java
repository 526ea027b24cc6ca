package hgauto.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Shows bytes on a terminal: as UTF-8, and what could steer it as a question mark. */
final class TerminalBytes extends OutputStream {
  /** A character of UTF-8 has four bytes at most. */
  private static final int LONGEST_CHARACTER = 4;

  private final PrintWriter terminal;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /** The beginning of a character whose end has not come yet. */
  private ByteBuffer begun = ByteBuffer.allocate(0);

  TerminalBytes(PrintWriter terminal) {
    this.terminal = terminal;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(begun.remaining() + length);
    in.put(begun).put(bytes, offset, length).flip();
    CharBuffer text = CharBuffer.allocate(in.remaining() + LONGEST_CHARACTER);
    decoder.decode(in, text, false);
    begun = in.slice();
    terminal.print(Console.harmless(text.flip().toString()));
  }

  @Override
  public void flush() throws IOException {
    if (terminal.checkError()) { // it flushes, too
      throw new IOException("it takes no more");
    }
  }
}
