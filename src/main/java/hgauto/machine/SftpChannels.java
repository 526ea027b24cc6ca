package hgauto.machine;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;

/**
 * The SFTP channels of one connection. Two that are not in use stay open for the next transfers,
 * since opening one takes four round trips, unless a command wants their sessions: two, since a log
 * may be followed while a file is fetched; more would keep commands from the server's sessions.
 * Safe for use by several threads.
 */
final class SftpChannels {
  /**
   * OpenSSH's server takes in 2 MiB a round trip on one channel. From nearer than this that is more
   * than we can send; from farther, several channels make up for it.
   */
  private static final Duration NEAR = Duration.ofMillis(5);

  private static final Duration FAR = Duration.ofMillis(20);

  private static final Duration ANSWER = Duration.ofSeconds(30);

  private static final int KEPT = 2;

  private static final String QUESTION = "keepalive@openssh.com";

  /** OpenSSH has no other, and {@link SftpParts} is written in it. */
  private static final SftpVersionSelector VERSION = SftpVersionSelector.fixedVersionSelector(3);

  private final ClientSession session;
  private final BlockingDeque<AbstractSftpClient> idle = new LinkedBlockingDeque<>(KEPT);
  private volatile int worthwhile;

  SftpChannels(ClientSession session) {
    this.session = session;
  }

  /** How many channels make the most of the connection; measured when first asked for. */
  int worthwhile() throws IOException {
    if (worthwhile == 0) {
      Duration roundTrip = roundTrip();
      if (roundTrip.compareTo(NEAR) > 0) { // the first may have waited for Java to load classes
        roundTrip = roundTrip();
      }
      worthwhile = roundTrip.compareTo(NEAR) < 0 ? 2 : roundTrip.compareTo(FAR) < 0 ? 4 : 8;
    }
    return worthwhile;
  }

  /** To be refused is an answer, too. */
  private Duration roundTrip() throws IOException {
    Buffer request = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
    request.putString(QUESTION);
    request.putBoolean(true); // an answer is wanted
    long begin = System.nanoTime();
    session.request(QUESTION, request, ANSWER);
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /**
   * A channel for the caller alone. A thread that is interrupted in here costs the whole
   * connection: MINA forgets the channel, and takes the server's next word on it for an error.
   */
  AbstractSftpClient open() throws IOException {
    for (AbstractSftpClient kept = idle.poll(); kept != null; kept = idle.poll()) {
      if (kept.isOpen()) {
        return kept;
      }
    }
    try {
      return (AbstractSftpClient) SftpClientFactory.instance().createSftpClient(session, VERSION);
    } catch (IllegalStateException e) { // MINA's, when the connection has ended
      throw new IOException(e);
    }
  }

  /** For a channel on which nothing is under way. */
  void giveBack(AbstractSftpClient channel) {
    if (!idle.offerFirst(channel)) {
      abandon(channel);
    }
  }

  /** Gives up the sessions of those that are not in use. */
  void closeIdle() {
    for (AbstractSftpClient unused = idle.poll(); unused != null; unused = idle.poll()) {
      abandon(unused);
    }
  }

  /**
   * For a channel on which something may be under way; it ends with it, soon. Closed in the other
   * way, at once, it would keep its session: MINA does not tell the server then.
   */
  static void abandon(AbstractSftpClient channel) {
    channel.getClientChannel().close(false);
  }
}
