package hgauto.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.AbstractCommandSupport;

/** An SSH server in this process, which does what real ones do only when they are broken. */
public final class InProcessServer implements AutoCloseable {
  /** What a command does, in a thread of its own. */
  @FunctionalInterface
  public interface Program {
    /** Returns its exit code. */
    int run(InputStream in, OutputStream out, OutputStream err, ChannelSession channel)
        throws IOException, InterruptedException;
  }

  private final KeyPair hostKey;
  private final SshServer server = SshServer.setUpDefaultServer();
  private final ConcurrentHashMap<String, Program> programs = new ConcurrentHashMap<>();
  private final AtomicInteger agreements = new AtomicInteger();
  private final AtomicInteger authentications = new AtomicInteger();
  private final SshKey key;
  private volatile Program other;

  private InProcessServer(SshKey key) throws Exception {
    this.key = key;
    this.hostKey = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator((user, offered, session) -> authenticate(offered));
    server.setCommandFactory((channel, line) -> new InProcessCommand(channel, line));
    server.addSessionListener(
        new SessionListener() {
          @Override
          public void sessionEvent(Session session, Event event) {
            if (event == Event.KeyEstablished) {
              agreements.incrementAndGet();
            }
          }
        });
  }

  /** Not started yet, to be changed first. */
  static InProcessServer of(SshKey key) throws Exception {
    return new InProcessServer(key);
  }

  /** Started, and opened by this key. */
  public static InProcessServer start(SshKey key) throws Exception {
    InProcessServer server = new InProcessServer(key);
    server.server.start();
    return server;
  }

  /** MINA's. */
  SshServer server() {
    return server;
  }

  /** From now on, there is a program of that name. */
  InProcessServer with(String name, Program program) {
    programs.put(Command.of(name).line(), program);
    return this;
  }

  /** From now on, every command that there is no program for is this one. */
  public InProcessServer withAnyOther(Program program) {
    other = program;
    return this;
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return server.getPort();
  }

  /** How often a client has accepted the host key. */
  int agreements() {
    return agreements.get();
  }

  /** How often a client has offered a key. */
  int authentications() {
    return authentications.get();
  }

  /** Those that a client is to expect. */
  public HostKeys hostKeys() {
    return new HostKeys.Pinned(List.of(hostKeyLine()));
  }

  String hostKeyLine() {
    return PublicKeyEntry.toString(hostKey.getPublic());
  }

  private boolean authenticate(PublicKey offered) {
    authentications.incrementAndGet();
    return KeyUtils.compareKeys(offered, key.keyPair().getPublic());
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  private final class InProcessCommand extends AbstractCommandSupport {
    private final ChannelSession channel;

    InProcessCommand(ChannelSession channel, String line) {
      super(line, null);
      this.channel = channel;
    }

    @Override
    public void run() {
      try {
        Program program = programs.getOrDefault(getCommand(), other);
        int code = program.run(getInputStream(), getOutputStream(), getErrorStream(), channel);
        getOutputStream().flush();
        getErrorStream().flush();
        onExit(code);
      } catch (IOException e) {
        onExit(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
