package hgauto.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;

/** Tells how much of a file has been read. */
final class CountedChannel implements ReadableByteChannel {
  private final ReadableByteChannel content;
  private final LongConsumer count;
  private long bytes;

  /**
   * Of a file that is being read already.
   *
   * @param bytes what has been read before
   * @param count gets that and what is read
   */
  CountedChannel(ReadableByteChannel content, long bytes, LongConsumer count) {
    this.content = content;
    this.bytes = bytes;
    this.count = count;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int read = content.read(into);
    if (read > 0) {
      bytes += read;
      count.accept(bytes);
    }
    return read;
  }

  @Override
  public boolean isOpen() {
    return content.isOpen();
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
