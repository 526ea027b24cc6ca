package hgauto.machine;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;

/** Remembers how far a connection came, and why it ended. */
final class SessionWatch implements SessionListener {
  private volatile boolean identified;
  private volatile boolean keysAgreed;
  private volatile String greeting;
  private volatile Throwable negotiation;
  private volatile String end;

  private final KeepAlive keepAlive;

  private SessionWatch(KeepAlive keepAlive) {
    this.keepAlive = keepAlive;
  }

  /** Watches each connection of a client from its first byte. */
  static final class Each implements SessionListener {
    private final Map<Session, SessionWatch> watches =
        Collections.synchronizedMap(new WeakHashMap<>());
    private final KeepAlive keepAlive;

    Each(KeepAlive keepAlive) {
      this.keepAlive = keepAlive;
    }

    @Override
    public void sessionCreated(Session session) {
      session.addSessionListener(of(session));
    }

    /** Who watches that one. */
    SessionWatch of(Session session) {
      return watches.computeIfAbsent(session, created -> new SessionWatch(keepAlive));
    }
  }

  /** Whether what is there has said that it speaks SSH. */
  boolean identified() {
    return identified;
  }

  /** Whether the connection is encrypted, and the server's key was as expected. */
  boolean keysAgreed() {
    return keysAgreed;
  }

  /** What it said before that, if it said anything; the first line. */
  Optional<String> greeting() {
    return Optional.ofNullable(greeting);
  }

  /** Why no algorithms were agreed on, if that is so. */
  Optional<Throwable> negotiation() {
    return Optional.ofNullable(negotiation);
  }

  /** Why the connection ended, in words. */
  String end() {
    return end == null ? "the connection was cut" : end;
  }

  @Override
  public void sessionPeerIdentificationLine(Session session, String line, List<String> before) {
    if (greeting == null && !line.startsWith("SSH-")) {
      greeting = line;
    }
  }

  @Override
  public void sessionPeerIdentificationReceived(
      Session session, String version, List<String> before) {
    identified = true;
  }

  @Override
  public void sessionNegotiationEnd(
      Session session,
      Map<KexProposalOption, String> ours,
      Map<KexProposalOption, String> theirs,
      Map<KexProposalOption, String> agreed,
      Throwable reason) {
    if (reason != null) {
      negotiation = reason;
    }
  }

  @Override
  public void sessionEvent(Session session, Event event) {
    if (event == Event.KeyEstablished) {
      keysAgreed = true;
    }
  }

  @Override
  public void sessionException(Session session, Throwable failure) {
    if (end == null) {
      String message = String.valueOf(failure.getMessage());
      end =
          message.contains("heartbeat") // MINA's word for what KeepAlive asks for
              ? "no answer for " + keepAlive.patience().toSeconds() + " s"
              : message;
    }
  }

  @Override
  public void sessionDisconnect(
      Session session, int reason, String message, String language, boolean initiator) {
    if (end == null && !initiator) {
      end =
          "the server ended it: "
              + (message.isBlank() ? SshConstants.getDisconnectReasonName(reason) : message);
    }
  }
}
