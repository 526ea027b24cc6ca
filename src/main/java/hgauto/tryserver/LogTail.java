package hgauto.tryserver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The end of a run's log, small enough for a page.
 *
 * @param text whole lines where the log has lines, decoded as UTF-8; bytes that are none show as
 *     U+FFFD
 * @param omitted how many bytes of the log come before {@code text}
 */
public record LogTail(String text, long omitted) {
  /** The most that is read of a log, in bytes. */
  static final int LIMIT = 200 * 1024;

  /** A run that has not written anything. */
  public static final LogTail EMPTY = new LogTail("", 0);

  /** Reads the last 200 KB of the log, which may still be growing and may not exist yet. */
  public static LogTail of(Path log) throws IOException {
    if (!Files.exists(log)) {
      return EMPTY;
    }
    try (FileChannel channel = FileChannel.open(log)) {
      long start = Math.max(0, channel.size() - LIMIT);
      ByteBuffer bytes = ByteBuffer.allocate(LIMIT);
      channel.position(start);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // One read may give less than there is.
      }
      int skip = start == 0 ? 0 : afterFirstLine(bytes);
      String text =
          new String(bytes.array(), skip, bytes.position() - skip, StandardCharsets.UTF_8);
      return new LogTail(text, start + skip);
    }
  }

  private static int afterFirstLine(ByteBuffer bytes) {
    for (int i = 0; i < bytes.position() - 1; i++) {
      if (bytes.get(i) == '\n') {
        return i + 1;
      }
    }
    return 0;
  }
}
