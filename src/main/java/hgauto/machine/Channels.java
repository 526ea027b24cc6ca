package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;

/**
 * The channels of one connection. A server allows so many at once; whoever wants one more waits
 * until one is closed.
 */
final class Channels {
  /** What OpenSSH allows unless its MaxSessions says otherwise. */
  private static final int AT_ONCE = 10;

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Semaphore free = new Semaphore(AT_ONCE, true);
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
    private final Duration waited;

    private NoneFreeException(Duration waited) {
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
          "no session of the connection came free in " + waited.toSeconds() + " s",
          "Raise MaxSessions in the sshd_config of the server (10 is usual, and as many as are used"
              + " at once), or have fewer things done there at once.");
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
    Deadline deadline = Deadline.in(atMost);
    if (!free.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new NoneFreeException(atMost);
    }
    try {
      return use.apply(opened(deadline, opening));
    } finally {
      free.release();
    }
  }

  /** The server may count one that is closed for a while, and may allow fewer than we think. */
  private <T> T opened(Deadline deadline, Opening<T> opening)
      throws IOException, InterruptedException {
    try {
      return poll.until("a free channel", PAUSE, deadline.left(), saw -> attempt(opening));
    } catch (BrokenException e) {
      throw e.reason;
    } catch (EnvironmentException e) { // the poll's: the time is up
      throw new NoneFreeException(deadline.limit());
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
