package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSession.ClientSessionEvent;
import org.apache.sshd.common.session.ConnectionService;

/** The commands on one connection. Safe for use by several threads. */
final class RemoteCommands {
  /** How long a command may wait for a session: longer has another reason than much to do. */
  private static final Duration FREE = Duration.ofSeconds(30);

  private static final Duration OPENING = Duration.ofSeconds(30);

  /** A connection that breaks ends its channels first. */
  private static final Duration AFTER_ITS_CHANNELS = Duration.ofSeconds(1);

  private final SshAddress address;
  private final ClientSession session;
  private final SessionWatch watch;
  private final Channels channels;

  /**
   * @param session is logged in
   * @param channels all that there are on it
   */
  RemoteCommands(SshAddress address, ClientSession session, SessionWatch watch, Channels channels) {
    this.address = address;
    this.session = session;
    this.watch = watch;
    this.channels = channels;
  }

  /** See {@link SshMachine#run}. */
  int run(Command command, OutputStream out, OutputStream err, Duration atMost)
      throws InterruptedException {
    try {
      return channels.with(
          FREE,
          () -> started(command),
          process -> watched(process, command, out, err, Deadline.in(atMost)));
    } catch (Channels.NoneFreeException e) {
      throw e.told("cannot run " + command + " on " + address);
    } catch (IOException e) {
      throw lost(command.toString(), e);
    }
  }

  private RemoteProcess started(Command command) throws IOException {
    RemoteProcess process = new RemoteProcess(command.line());
    try {
      session.getService(ConnectionService.class).registerChannel(process);
    } catch (IllegalStateException e) { // MINA's, when the connection has ended
      throw new IOException(e);
    }
    boolean done = false;
    try {
      process.open().verify(OPENING);
      if (!command.isGuarded()) {
        process.endInput();
      }
      done = true;
      return process;
    } finally {
      if (!done) {
        process.close(false); // there may be nobody to wait for
      }
    }
  }

  private int watched(
      RemoteProcess process, Command command, OutputStream out, OutputStream err, Deadline deadline)
      throws InterruptedException {
    try {
      if (!process.passOn(out, err, deadline)) {
        throw new EnvironmentException(
            command + " on " + address + " did not end in " + deadline.limit().toSeconds() + " s",
            command.isGuarded()
                ? "the machine was told to end it, with all that it has started"
                : "it is not waited for any longer, and may go on there",
            "Look what keeps that machine busy.");
      }
    } catch (RemoteProcess.SinkException e) {
      throw new EnvironmentException(
          "cannot pass on what " + command + " prints on " + address,
          Reason.of(e.reason()),
          "Make room for it here, or have it print less.",
          e);
    } finally {
      process.end();
    }
    if (process.isRefused()) {
      throw new EnvironmentException(
          address + " refuses to run commands",
          "its SSH server does not allow it for the account " + address.user(),
          "Look for ForceCommand and `restrict` in its configuration and authorized_keys.");
    }
    return process.exitCode().orElseThrow(() -> lost(command.toString(), null));
  }

  /**
   * What to throw for a connection that is lost.
   *
   * @param meanwhile what was being done
   */
  MachineLostException lost(String meanwhile, Throwable cause) {
    return new MachineLostException(
        "lost the connection to " + address + " during: " + meanwhile,
        isCut() ? watch.end() : "the server closed the channel without an exit code",
        "Look whether that machine still runs; what it was doing may be half done.",
        cause);
  }

  private boolean isCut() {
    return session
        .waitFor(EnumSet.of(ClientSessionEvent.CLOSED), AFTER_ITS_CHANNELS)
        .contains(ClientSessionEvent.CLOSED);
  }
}
