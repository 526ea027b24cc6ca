package hgauto.machine;

import hgauto.error.EnvironmentException;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;

/** What opens a machine. */
interface Credentials {
  /** The client shows these, and nothing else. */
  void giveTo(SshClient client);

  /** What people are told where the machine takes none of them. */
  EnvironmentException refused(SshAddress address, Exception cause);

  /** One key of ours. */
  static Credentials of(SshKey key) {
    return new Credentials() {
      @Override
      public void giveTo(SshClient client) {
        client.setKeyIdentityProvider(KeyIdentityProvider.wrapKeyPairs(List.of(key.keyPair())));
      }

      @Override
      public EnvironmentException refused(SshAddress address, Exception cause) {
        return new EnvironmentException(
            address + " does not let us in",
            "it does not take our key for the account " + address.user(),
            "Add this line to ~"
                + address.user()
                + "/.ssh/authorized_keys there:\n"
                + key.publicLine(),
            cause);
      }
    };
  }
}
