package hgauto.machine;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;

/**
 * The way from an address to a connection on which we are logged in. Each step can fail, and says
 * so in its own words.
 */
final class Login {
  /** What OpenSSH says, for some time, to whom it shuts out; the second before version 9.8. */
  private static final Set<String> SHUT_OUT =
      Set.of("Not allowed at this time", "Exceeded MaxStartups");

  private final SshAddress address;
  private final Optional<InetSocketAddress> near;
  private final Credentials credentials;
  private final HostKeys hostKeys;
  private final KeepAlive keepAlive;
  private final HostKeyCheck check;
  private final SessionWatch.Each watches;
  private final SshClient client;

  /**
   * @param near the port of this machine that leads there; empty to go there by itself
   */
  Login(
      SshAddress address,
      Optional<InetSocketAddress> near,
      HostKeys hostKeys,
      Credentials credentials,
      KeepAlive keepAlive) {
    this.address = address;
    this.near = near;
    this.credentials = credentials;
    this.hostKeys = hostKeys;
    this.keepAlive = keepAlive;
    this.check = new HostKeyCheck(ExpectedHostKeys.of(hostKeys, address));
    this.client = SshClients.start(check, keepAlive);
    this.watches = new SessionWatch.Each(keepAlive);
    client.addSessionListener(watches);
    credentials.giveTo(client);
  }

  /**
   * Tries once.
   *
   * @param atMost for all of it
   * @param reach for the part until the machine answers at all
   */
  SshMachine open(Duration atMost, Duration reach) throws NoLoginException, InterruptedException {
    Deadline deadline = Deadline.in(atMost);
    ClientSession session = new Dialling(address, near, client).connect(deadline.atMost(reach));
    boolean done = false;
    try {
      authenticate(session, deadline);
      done = true;
      return new SshMachine(address, client, session, watches.of(session), keepAlive);
    } finally {
      if (!done) {
        session.close(true);
      }
    }
  }

  /** Ends what the next try would have used. */
  void giveUp() {
    client.close(true);
  }

  private void authenticate(ClientSession session, Deadline deadline)
      throws NoLoginException, InterruptedException {
    try {
      session.auth().verify(deadline.left());
    } catch (SocketTimeoutException e) { // a kind of the next
      throw failure(e, watches.of(session), deadline.limit());
    } catch (InterruptedIOException e) {
      throw Dialling.interrupted(e);
    } catch (IOException e) {
      throw failure(e, watches.of(session), deadline.limit());
    }
  }

  private NoLoginException failure(IOException e, SessionWatch watch, Duration atMost) {
    if (check.refused()) {
      return NoLoginException.ever(new HostKeyRefusal(address, hostKeys, check).told());
    }
    if (watch.negotiation().isPresent()) {
      return NoLoginException.ever(
          new EnvironmentException(
              "cannot agree with " + address + " on how to encrypt",
              watch.negotiation().get().getMessage(),
              "Bring its SSH server up to date; OpenSSH 7.4 and later will do.",
              e));
    }
    if (watch.keysAgreed() && isRefusal(e)) {
      return NoLoginException.refused(credentials.refused(address, e));
    }
    return NoLoginException.now(broken(e, watch, atMost));
  }

  private EnvironmentException broken(IOException e, SessionWatch watch, Duration atMost) {
    boolean late = e.getCause() instanceof TimeoutException;
    if (watch.identified()) {
      return new EnvironmentException(
          "cannot log in to " + address,
          late ? "it did not go on in " + atMost.toSeconds() + " s" : watch.end(),
          "Try again; what its SSH server says of it is in its log.",
          e);
    }
    if (watch.greeting().filter(SHUT_OUT::contains).isPresent()) {
      return new EnvironmentException(
          address + " takes no connection from here now",
          "its SSH server says: " + watch.greeting().get(),
          "Wait a minute. It has too many connections (MaxStartups in its sshd_config), or too many"
              + " from this address have failed (PerSourcePenalties).",
          e);
    }
    return new EnvironmentException(
        "what answers at " + address + " does not speak SSH",
        watch
            .greeting()
            .map(line -> "it says: " + line)
            .orElse(
                late
                    ? "it says nothing for " + atMost.toSeconds() + " s"
                    : "it ends the connection without a word"),
        "Check the port; or the server is too busy to take another connection.",
        e);
  }

  private static boolean isRefusal(IOException e) {
    return e instanceof SshException refusal
        && refusal.getDisconnectCode()
            == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;
  }
}
