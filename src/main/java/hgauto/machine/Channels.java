package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;

/**
 * The channels of one connection. The server knows how many there may be at once; whoever wants one
 * more asks it until one is closed.
 */
final class Channels {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final AtomicInteger used = new AtomicInteger();
  private final Poll poll = Poll.real();
  private final Runnable makeRoom;

  /**
   * None yet.
   *
   * @param makeRoom closes what is open and not in use, for a server that will not have more
   */
  Channels(Runnable makeRoom) {
    this.makeRoom = makeRoom;
  }

  /** None was free so long. */
  static final class NoneFreeException extends IOException {
    private final int used;
    private final Duration waited;

    private NoneFreeException(int used, Duration waited) {
      this.used = used;
      this.waited = waited;
    }

    /**
     * What to tell people.
     *
     * @param what could not be done
     */
    EnvironmentException told(String what) {
      return new EnvironmentException(
          what,
          "its SSH server allows no more sessions at once than were in use ("
              + used
              + "), and none came free in "
              + waited.toSeconds()
              + " s",
          "Raise MaxSessions in its sshd_config (10 is usual), or have fewer things done there at"
              + " once.");
    }
  }

  /** Opens a channel of some kind, and what it is for. */
  @FunctionalInterface
  interface Opening<T> {
    T open() throws IOException;
  }

  /** Does something with it. */
  @FunctionalInterface
  interface Use<T, R> {
    R apply(T channel) throws IOException, InterruptedException;
  }

  /**
   * Opens a channel when one is free, and uses it. Who has used it has closed it.
   *
   * @param atMost how long it may wait
   * @throws NoneFreeException if none was free so long
   */
  <T, R> R with(Duration atMost, Opening<T> opening, Use<T, R> use)
      throws IOException, InterruptedException {
    T channel = opened(atMost, opening);
    used.incrementAndGet();
    try {
      return use.apply(channel);
    } finally {
      used.decrementAndGet();
    }
  }

  private <T> T opened(Duration atMost, Opening<T> opening)
      throws IOException, InterruptedException {
    try {
      return poll.until("a free channel", PAUSE, atMost, saw -> attempt(opening));
    } catch (BrokenException e) {
      throw e.reason;
    } catch (EnvironmentException e) { // the poll's: the time is up
      throw new NoneFreeException(used.get(), atMost);
    }
  }

  private <T> Optional<T> attempt(Opening<T> opening) throws InterruptedException {
    try {
      return Optional.of(opening.open());
    } catch (SocketTimeoutException e) { // of the server, though a kind of the next
      throw new BrokenException(e);
    } catch (InterruptedIOException e) {
      throw Dialling.interrupted(e);
    } catch (IOException e) {
      if (isFull(e)) {
        makeRoom.run();
        return Optional.empty();
      }
      throw new BrokenException(e);
    }
  }

  /** Whether the server will not have one more channel now. */
  private static boolean isFull(Throwable failure) {
    if (failure instanceof SshChannelOpenException refusal) {
      int reason = refusal.getReasonCode();
      return reason == SshConstants.SSH_OPEN_CONNECT_FAILED // OpenSSH's, for MaxSessions
          || reason == SshConstants.SSH_OPEN_RESOURCE_SHORTAGE
          || reason == SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED;
    }
    return failure.getCause() != null && isFull(failure.getCause());
  }

  /** Carries what opening failed with through the poll. */
  private static final class BrokenException extends RuntimeException {
    private final transient IOException reason;

    BrokenException(IOException reason) {
      super(reason);
      this.reason = reason;
    }
  }
}
