package hgauto.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.channel.ChannelExec;

/**
 * A command on another machine. What it prints is kept, in the order in which it comes, until the
 * thread that waits for the command passes it on; only then may the machine send more. So a slow
 * taker slows down this command and nothing else, and none of it is lost.
 */
final class RemoteProcess extends ChannelExec {
  /** By the names that RFC 4254 has for them. */
  private static final Map<String, Integer> SIGNALS =
      Map.ofEntries(
          Map.entry("HUP", 1),
          Map.entry("INT", 2),
          Map.entry("QUIT", 3),
          Map.entry("ILL", 4),
          Map.entry("ABRT", 6),
          Map.entry("FPE", 8),
          Map.entry("KILL", 9),
          Map.entry("USR1", 10),
          Map.entry("SEGV", 11),
          Map.entry("USR2", 12),
          Map.entry("PIPE", 13),
          Map.entry("ALRM", 14),
          Map.entry("TERM", 15));

  /** A shell gives 128 and the signal's number to what a signal ended. */
  private static final int BY_SIGNAL = 128;

  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final BlockingQueue<Chunk> printed = new LinkedBlockingQueue<>();
  private volatile boolean refused;

  /** What came in one packet. */
  private static final class Chunk {
    private static final Chunk END = new Chunk(new byte[0], 0, 0, false);

    private final byte[] bytes;
    private final boolean isError;

    Chunk(byte[] data, int off, long len, boolean isError) {
      this.bytes = Arrays.copyOfRange(data, off, off + (int) len);
      this.isError = isError;
    }
  }

  /** A stream that takes the output has failed. */
  static final class SinkException extends Exception {
    private final transient IOException reason;

    private SinkException(IOException reason) {
      super(reason);
      this.reason = reason;
    }

    IOException reason() {
      return reason;
    }
  }

  RemoteProcess(String line) {
    super(line, null, Map.of());
    // Nothing comes to these, but without them MINA makes pipes.
    setOut(OutputStream.nullOutputStream());
    setErr(OutputStream.nullOutputStream());
    addCloseFutureListener(closed -> printed.add(Chunk.END));
  }

  @Override
  protected void doWriteData(byte[] data, int off, long len) {
    printed.add(new Chunk(data, off, len, false));
  }

  @Override
  protected void doWriteExtendedData(byte[] data, int off, long len) {
    printed.add(new Chunk(data, off, len, true));
  }

  @Override
  public void handleFailure() throws IOException {
    refused = true;
    super.handleFailure();
  }

  /** Says that no input will come. */
  void endInput() throws IOException {
    getInvertedIn().close();
  }

  /**
   * Passes on what the command prints, until its channel is closed.
   *
   * @return whether it is closed; if not, the time is up
   */
  boolean passOn(OutputStream out, OutputStream err, Deadline deadline)
      throws InterruptedException, SinkException {
    while (true) {
      Chunk chunk = printed.poll(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      if (chunk == null) {
        return false;
      }
      if (chunk == Chunk.END) {
        return true;
      }
      try {
        OutputStream sink = chunk.isError ? err : out;
        sink.write(chunk.bytes);
        sink.flush();
      } catch (IOException e) {
        throw new SinkException(e);
      }
      allowMore(chunk.bytes.length);
      if (deadline.over()) {
        return false;
      }
    }
  }

  private void allowMore(int bytes) {
    try {
      getLocalWindow().release(bytes);
    } catch (IOException e) {
      log.debug("the connection is lost; the end of the output tells", e);
    }
  }

  /** Whether the server did not start it at all. */
  boolean isRefused() {
    return refused;
  }

  /** The exit code as a shell gives it, or empty if the connection ended before the command. */
  OptionalInt exitCode() {
    if (getExitStatus() != null) {
      return OptionalInt.of(getExitStatus());
    }
    if (getExitSignal() != null) {
      return OptionalInt.of(BY_SIGNAL + SIGNALS.getOrDefault(getExitSignal(), 0));
    }
    return OptionalInt.empty();
  }

  /** Closes the channel, if it is open; the interrupt of this thread stays. */
  void end() {
    boolean interrupted = Thread.interrupted();
    try {
      close(false).await(FAREWELL);
    } catch (IOException e) { // interrupted again
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
