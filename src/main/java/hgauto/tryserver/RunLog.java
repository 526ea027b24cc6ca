package hgauto.tryserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A run's log while it is being written: one writer, and any number of readers who wait for more.
 */
final class RunLog implements AutoCloseable {
  /** A job that writes without end must not fill the disk. The whole suite's log is below 10 MB. */
  static final long MOST_BYTES = 64L << 20;

  private final Path file;
  private final OutputStream out;
  private long length;
  private boolean closed;

  RunLog(Path file) throws IOException {
    this.file = file;
    // A stream, not a channel: one interrupt would close that for good.
    this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    this.length = Files.size(file);
  }

  /** Adds a line of our own, told apart from the job's by its beginning. */
  void note(String line) throws IOException {
    append("[hgauto] " + line + "\n");
  }

  /** Adds text that is already at hand. */
  void append(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    append(bytes, bytes.length);
  }

  /** Adds all that a process writes, until it writes no more. */
  void appendAll(InputStream from) throws IOException {
    byte[] buffer = new byte[8192];
    boolean full = false;
    for (int read; (read = from.read(buffer)) >= 0; ) {
      if (length() + read <= MOST_BYTES) {
        append(buffer, read);
      } else if (!full) {
        full = true; // go on reading: a full pipe would stop the job
        append("\n"); // it was cut off in mid-line
        note("the log is longer than " + (MOST_BYTES >> 20) + " MiB; the rest is left out");
      }
    }
  }

  private synchronized void append(byte[] bytes, int count) throws IOException {
    out.write(bytes, 0, count);
    length += count;
    notifyAll();
  }

  private synchronized long length() {
    return length;
  }

  /**
   * Copies the log to {@code to} as it grows, until it is closed.
   *
   * @param from the first byte to copy
   */
  void follow(long from, OutputStream to) throws IOException, InterruptedException {
    try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
      reader.position(Math.min(from, reader.size()));
      InputStream in = Channels.newInputStream(reader);
      boolean last;
      long copied;
      do {
        last = awaitMoreThan(reader.position());
        copied = in.transferTo(to);
        to.flush();
      } while (!last && copied > 0); // nothing where there should be more: somebody cut it off
    }
  }

  private synchronized boolean awaitMoreThan(long position) throws InterruptedException {
    while (length <= position && !closed) {
      wait();
    }
    return closed;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    out.close();
    notifyAll();
  }
}
