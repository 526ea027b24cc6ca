package hgauto.machine;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;

/**
 * From an address to a connection by TCP, on which nothing is agreed yet.
 *
 * <p>A name may have several addresses: localhost, for one, may be ::1 and 127.0.0.1. And TCP asks
 * again after 1, 3 and 7 seconds where nobody answers, which is late for a machine that has just
 * come up. So a new attempt begins twice a second, and the first that comes through wins.
 */
final class Dialling {
  private static final Duration STAGGER = Duration.ofMillis(500);

  private final SshAddress address;
  private final Optional<InetSocketAddress> near;
  private final SshClient client;
  private final Set<ConnectFuture> attempts = new HashSet<>();
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

  private record Ended(InetAddress at, ConnectFuture attempt) {}

  /**
   * @param near the port of this machine that leads there; empty to go there by itself
   */
  Dialling(SshAddress address, Optional<InetSocketAddress> near, SshClient client) {
    this.address = address;
    this.near = near;
    this.client = client;
  }

  /** Tries for so long; a refusal by all its addresses comes at once. */
  ClientSession connect(Duration atMost) throws NoLoginException, InterruptedException {
    Deadline deadline = Deadline.in(atMost);
    Deque<InetAddress> promising = new ArrayDeque<>(resolve(atMost));
    Throwable last = new TimeoutException();
    try {
      while (!promising.isEmpty() && !deadline.over()) {
        begin(promising.peekFirst());
        promising.addLast(promising.removeFirst());
        Ended first = await(deadline);
        if (first != null && first.attempt.isConnected()) {
          attempts.remove(first.attempt);
          return first.attempt.getClientSession();
        }
        if (first != null) {
          last = first.attempt.getException();
          promising.remove(first.at);
        }
      }
    } catch (IOException e) {
      last = e;
    } finally {
      attempts.forEach(Dialling::giveUp);
    }
    throw NoLoginException.now(unreachable(last, atMost));
  }

  private void begin(InetAddress at) throws IOException {
    int port = near.map(InetSocketAddress::getPort).orElse(port());
    ConnectFuture attempt =
        client.connect(address.user(), new InetSocketAddress(at, port), null, null);
    attempts.add(attempt);
    attempt.addListener(done -> ended.add(new Ended(at, done)));
  }

  /** The next attempt that has ended, or null if it is time for another. */
  private Ended await(Deadline deadline) throws InterruptedException {
    return ended.poll(deadline.atMost(STAGGER).toNanos(), TimeUnit.NANOSECONDS);
  }

  private static void giveUp(ConnectFuture attempt) {
    attempt.cancel();
    attempt.addListener(
        late -> {
          if (late.isConnected()) {
            late.getClientSession().close(true);
          }
        });
  }

  /** Java cannot be told how long to look for a name, nor be interrupted in it. */
  private List<InetAddress> resolve(Duration atMost) throws NoLoginException, InterruptedException {
    if (near.isPresent()) {
      return List.of(near.get().getAddress());
    }
    FutureTask<InetAddress[]> lookup =
        new FutureTask<>(() -> InetAddress.getAllByName(address.host()));
    Thread thread = new Thread(lookup, "name lookup");
    thread.setDaemon(true);
    thread.start();
    try {
      return Arrays.asList(lookup.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException e) {
      String why =
          e.getCause() instanceof UnknownHostException
              ? "the name is not known"
              : e.getCause().getMessage();
      throw NoLoginException.now(unknown(why, e));
    } catch (TimeoutException e) {
      throw NoLoginException.now(unknown("the name service does not answer", e));
    }
  }

  private EnvironmentException unknown(String why, Exception cause) {
    return new EnvironmentException(
        "cannot find the machine " + address.host(),
        why,
        "Check the spelling of "
            + address
            + "; `getent hosts "
            + address.host()
            + "` shows"
            + " what this machine knows.",
        cause);
  }

  private EnvironmentException unreachable(Throwable failure, Duration atMost) {
    Throwable reason = root(failure);
    String why;
    String next;
    if (near.isPresent()) { // whose port was made for this, and means nothing to a person
      why = reason instanceof TimeoutException ? "the time was up" : "the way there is closed";
      next = "";
    } else if (reason instanceof ConnectException refused && isRefusal(refused)) {
      why = "connection refused: the machine is there, but nothing listens on port " + port();
      next = "Check the port, and that the machine runs an SSH server.";
    } else if (reason instanceof NoRouteToHostException || reason instanceof ConnectException) {
      why = reason.getMessage();
      next = "Check that the machine runs, and that this machine's network reaches it.";
    } else if (reason instanceof TimeoutException) {
      why = "no answer in " + atMost.toSeconds() + " s";
      next =
          "Check that the machine runs, and that no firewall keeps port " + port() + " from you.";
    } else {
      why = reason.getMessage();
      next = "";
    }
    return new EnvironmentException("cannot connect to " + address, why, next, failure);
  }

  private int port() {
    return address.port();
  }

  private static boolean isRefusal(ConnectException failure) {
    return failure.getMessage() != null && failure.getMessage().contains("refused");
  }

  /** MINA wraps what happened. */
  private static Throwable root(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  /** How MINA says that the thread was interrupted. */
  static InterruptedException interrupted(InterruptedIOException e) {
    InterruptedException interrupted = new InterruptedException(e.getMessage());
    interrupted.initCause(e);
    return interrupted;
  }
}
