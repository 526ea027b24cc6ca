package hgauto.machine;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Keeps the end of what is written to it, and forgets the rest. */
public final class Tail extends OutputStream {
  private static final int BYTES = 8 << 10;
  private static final int LINES = 10;

  private final byte[] ring = new byte[BYTES];
  private long written;

  @Override
  public void write(int b) {
    ring[(int) (written++ % BYTES)] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int off, int len) {
    Objects.checkFromIndexSize(off, len, bytes.length);
    int skipped = Math.max(0, len - BYTES);
    written += skipped;
    for (int at = off + skipped; at < off + len; at++) {
      write(bytes[at]);
    }
  }

  /** The last lines, ten at most, after {@code introduction}; nothing at all if there are none. */
  public String after(String introduction) {
    String text = text().strip();
    List<String> lines = text.lines().toList();
    return text.isEmpty()
        ? ""
        : introduction
            + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
  }

  private String text() {
    int length = (int) Math.min(written, BYTES);
    byte[] end = new byte[length];
    for (int at = 0; at < length; at++) {
      end[at] = ring[(int) ((written - length + at) % BYTES)];
    }
    int start = 0; // of a character: the rest of one that is cut is nothing
    while (written > BYTES && start < length && (end[start] & 0xc0) == 0x80) {
      start++;
    }
    return new String(end, start, length - start, StandardCharsets.UTF_8);
  }
}
