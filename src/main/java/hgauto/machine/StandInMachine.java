package hgauto.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * Stands in for a machine, on a loopback port of this process, so that a run can load the classes
 * that connections need. Its files are those of one folder; its commands print a little.
 */
public final class StandInMachine implements AutoCloseable {
  private static final int ED25519_BITS = 256;

  private final SshServer server = SshServer.setUpDefaultServer();
  private final KeyPair hostKey;

  private StandInMachine(Path root, SshKey key) {
    try {
      hostKey = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, ED25519_BITS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 is among our libraries", e);
    }
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator(
        (user, shown, session) -> KeyUtils.compareKeys(shown, key.keyPair().getPublic()));
    server.setFileSystemFactory(new VirtualFileSystemFactory(root));
    server.setSubsystemFactories(List.of(new SftpSubsystemFactory.Builder().build()));
    server.setCommandFactory((channel, line) -> new Print());
  }

  /**
   * Starts one.
   *
   * @param root the folder that it has for {@code /}
   * @param key opens it
   */
  public static StandInMachine start(Path root, SshKey key) throws IOException {
    StandInMachine machine = new StandInMachine(root, key);
    machine.server.start();
    return machine;
  }

  /** Where it is. */
  public SshAddress address() {
    return new SshAddress(SshAddress.USER, server.getHost(), server.getPort());
  }

  /** The key that it shows. */
  public HostKeys hostKeys() {
    return new HostKeys.Pinned(List.of(PublicKeyEntry.toString(hostKey.getPublic())));
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  private static final class Print extends AbstractCommandSupport {
    Print() {
      super("print", null);
    }

    @Override
    public void run() {
      try {
        getOutputStream().write('o');
        getOutputStream().flush();
        getErrorStream().write('e');
        getErrorStream().flush();
        onExit(0);
      } catch (IOException e) {
        onExit(1, e.getMessage());
      }
    }
  }
}
