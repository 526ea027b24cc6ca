package hgauto.machine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The way to a machine that a person's own {@code ssh} takes. */
public final class UserLogin {
  private UserLogin() {}

  /**
   * Connects and logs in as {@code ssh} would: by the person's configuration, known hosts, agent
   * and keys.
   *
   * @param host a name, or one that the configuration has
   * @param port what the configuration says unless this is there
   * @param user the same for the account
   * @param environment has {@code SSH_AUTH_SOCK}, and what the configuration names
   * @param atMost for all of it
   * @throws hgauto.error.EnvironmentException if the configuration cannot be read, or the machine
   *     cannot be reached, shows a key that is not known (then nothing was sent), or takes none of
   *     the person's keys
   */
  public static SshMachine connect(
      String host,
      Optional<Integer> port,
      Optional<String> user,
      Map<String, String> environment,
      Duration atMost)
      throws InterruptedException {
    return connect(SshConfig.of(List.of("ssh"), host, port, user, environment), atMost);
  }

  /** The same by a configuration that is known. */
  static SshMachine connect(SshConfig config, Duration atMost) throws InterruptedException {
    return SshMachine.connect(
        config.address(),
        config.knownHosts(),
        new UserKeys(config.agent(), config.identityFiles(), config.identitiesOnly()),
        KeepAlive.USUAL,
        atMost);
  }
}
