package hgauto.machine;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.forward.PortForwardingTracker;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/**
 * A port of this machine that leads on from the far end of a connection. It is there for one
 * connection, and closed as soon as that is made, since everybody here can use it; the connection
 * stays.
 */
final class Tunnel implements AutoCloseable {
  private static final SshdSocketAddress HERE = new SshdSocketAddress("127.0.0.1", 0);

  private final ClientSession through;
  private final SshAddress from;
  private final SshAddress to;
  private final PortForwardingTracker port;

  /**
   * Opens it.
   *
   * @param from where the connection ends
   * @param to is looked up, and must be reachable, there
   */
  Tunnel(ClientSession through, SshAddress from, SshAddress to) {
    this.through = through;
    this.from = from;
    this.to = to;
    try {
      this.port = through.createLocalPortForwardingTracker(HERE, far());
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot open a way to " + to + " through " + from, e.getMessage(), "", e);
    }
  }

  private SshdSocketAddress far() {
    return new SshdSocketAddress(to.host(), to.port());
  }

  /** Its end that is here. */
  InetSocketAddress near() {
    return port.getBoundAddress().toInetSocketAddress();
  }

  /** Why it does not lead on, in words; empty if it does. */
  Optional<String> obstacle(Duration atMost) {
    try (ChannelDirectTcpip channel = through.createDirectTcpipChannel(HERE, far())) {
      channel.open().verify(atMost);
      return Optional.empty();
    } catch (IOException | IllegalStateException e) { // this is MINA's, of one that has ended
      if (!through.isOpen()) {
        return Optional.of("the connection to " + from + " was cut");
      }
      return e instanceof SshException
          ? Optional.of(from + " says: " + innermost(e).getMessage())
          : Optional.empty();
    }
  }

  /** What the server has said; around it are words of MINA's. */
  private static Throwable innermost(Throwable failure) {
    return failure.getCause() == null ? failure : innermost(failure.getCause());
  }

  @Override
  public void close() {
    try {
      port.close();
    } catch (IOException e) {
      through.close(true); // so that nobody can use it, however that failed
    }
  }
}
