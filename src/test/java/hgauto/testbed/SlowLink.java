package hgauto.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A long way to a server on this machine: a port of 127.0.0.1 that passes everything on, late. It
 * can fall silent, and be cut.
 */
public final class SlowLink implements AutoCloseable {
  private final InetSocketAddress server;
  private final Duration up;
  private final Duration down;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition resumed = lock.newCondition();
  private boolean stalled;
  private long bytesBeforeCut = Long.MAX_VALUE;

  private SlowLink(InetSocketAddress near, InetSocketAddress server, Duration up, Duration down)
      throws IOException {
    this.server = server;
    this.up = up;
    this.down = down;
    this.listener = new ServerSocket(near.getPort(), 50, near.getAddress());
  }

  /**
   * Opens one.
   *
   * @param server where it leads
   * @param up how long each byte is on its way to the server
   * @param down how long each byte is on its way from there
   */
  public static SlowLink to(InetSocketAddress server, Duration up, Duration down)
      throws IOException {
    return begin(new SlowLink(local(0, 0, 1, 0), server, up, down));
  }

  private static SlowLink begin(SlowLink link) {
    thread(link::accept);
    return link;
  }

  /** A port of 127.x.y.z. */
  private static InetSocketAddress local(int x, int y, int z, int port) throws IOException {
    byte[] address = {127, (byte) x, (byte) y, (byte) z};
    return new InetSocketAddress(InetAddress.getByAddress(address), port);
  }

  /** The same, to a port of 127.0.0.1, as long in both directions. */
  public static SlowLink to(int port, Duration roundTrip) throws IOException {
    Duration half = roundTrip.dividedBy(2);
    return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), half, half);
  }

  /**
   * The same, whose near end is the same port of an address of its own, as machines have theirs.
   * Needs root where the port is that of a service.
   */
  public static SlowLink withAddress(InetSocketAddress server, Duration roundTrip)
      throws IOException {
    Random random = new Random();
    InetSocketAddress near =
        local(
            random.nextInt(1, 255),
            random.nextInt(1, 255),
            random.nextInt(1, 255),
            server.getPort());
    Duration half = roundTrip.dividedBy(2);
    return begin(new SlowLink(near, server, half, half));
  }

  /** The near end's address. */
  public String address() {
    return listener.getInetAddress().getHostAddress();
  }

  /** The near end's port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** From now on nothing arrives any more, in neither direction; nobody is told. */
  public void stall() {
    lock.lock();
    try {
      stalled = true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends {@link #stall}; what has been sent meanwhile arrives now. */
  public void resume() {
    lock.lock();
    try {
      stalled = false;
      resumed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Cuts all connections that there are, as a reset does; new ones can be made. */
  public void cut() {
    open.forEach(SlowLink::reset);
    open.clear();
  }

  /** Cuts all connections as soon as so many more bytes have come from the server. */
  public void cutAfter(long bytes) {
    lock.lock();
    try {
      bytesBeforeCut = bytes;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    resume();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listener.accept();
        open.add(near);
        thread(() -> connect(near));
      }
    } catch (IOException e) {
      open.forEach(SlowLink::reset); // this is closed
    }
  }

  private void connect(Socket near) {
    try {
      // By TCP three messages pass before a server hears of a connection: up, down, up.
      await(System.nanoTime() + up.toNanos() * 2 + down.toNanos());
      Socket far = new Socket(server.getAddress(), server.getPort());
      open.add(far);
      SlowLane upwards = new SlowLane(near, far, up, this::await, bytes -> bytes);
      SlowLane downwards = new SlowLane(far, near, down, this::await, this::beforeCut);
      thread(upwards::read);
      thread(upwards::write);
      thread(downwards::read);
      thread(downwards::write);
    } catch (IOException e) {
      reset(near); // as if nobody listened
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until that moment of {@code nanoTime}, and for as long as this is stalled. */
  private void await(long moment) throws InterruptedException {
    lock.lock();
    try {
      long left = moment - System.nanoTime();
      while (stalled || left > 0) {
        if (stalled) {
          resumed.await();
        } else {
          left = resumed.awaitNanos(left);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many of so many bytes may still pass; when it is not all, this is cut after them. */
  private int beforeCut(int bytes) {
    lock.lock();
    try {
      int passing = (int) Math.min(bytes, bytesBeforeCut);
      bytesBeforeCut = passing < bytes ? Long.MAX_VALUE : bytesBeforeCut - passing;
      return passing;
    } finally {
      lock.unlock();
    }
  }

  /** Closes it in such a way that the other side takes it for an error. */
  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it is closed already
    }
  }

  private static void thread(Runnable run) {
    Thread thread = new Thread(run, "slow link");
    thread.setDaemon(true);
    thread.start();
  }
}
