package hgauto.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.IntUnaryOperator;

/** One direction of a connection over a {@link SlowLink}; a thread reads, and another writes. */
final class SlowLane {
  /** What may be on its way: more than any window. */
  private static final int ROOM_BYTES = 64 << 20;

  private static final int CHUNK_BYTES = 64 << 10;

  private final Socket from;
  private final Socket to;
  private final long delayNanos;
  private final Delay delay;
  private final IntUnaryOperator passing;
  private final Semaphore room = new Semaphore(ROOM_BYTES);
  private final BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();

  /** Waits until something is due. */
  @FunctionalInterface
  interface Delay {
    void until(long nanoTime) throws InterruptedException;
  }

  private static final class Chunk {
    private final byte[] bytes;
    private final long due;

    Chunk(byte[] bytes, long due) {
      this.bytes = bytes;
      this.due = due;
    }
  }

  /**
   * @param passing how many of so many bytes arrive; if not all, the connection is cut
   */
  SlowLane(Socket from, Socket to, Duration late, Delay delay, IntUnaryOperator passing)
      throws IOException {
    this.from = from;
    this.to = to;
    this.delayNanos = late.toNanos();
    this.delay = delay;
    this.passing = passing;
    to.setTcpNoDelay(true);
  }

  /** Takes what is sent, until the end. */
  void read() {
    try {
      InputStream in = from.getInputStream();
      byte[] buffer = new byte[CHUNK_BYTES];
      int length;
      do {
        length = Math.max(0, in.read(buffer));
        room.acquire(length);
        underWay.add(new Chunk(Arrays.copyOf(buffer, length), System.nanoTime() + delayNanos));
      } while (length > 0);
    } catch (IOException e) {
      reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Passes it on when it is due. */
  void write() {
    try {
      OutputStream out = to.getOutputStream();
      while (true) {
        Chunk chunk = underWay.take();
        delay.until(chunk.due);
        if (chunk.bytes.length == 0) {
          to.shutdownOutput();
          return;
        }
        int length = passing.applyAsInt(chunk.bytes.length);
        out.write(chunk.bytes, 0, length);
        room.release(chunk.bytes.length);
        if (length < chunk.bytes.length) {
          reset();
          return;
        }
      }
    } catch (IOException e) {
      reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reset() {
    SlowLink.reset(from);
    SlowLink.reset(to);
  }
}
