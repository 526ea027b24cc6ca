package hgauto.machine;

import hgauto.error.EnvironmentException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The way to a machine that a person's own {@code ssh} takes. */
public final class UserLogin {
  private static final Duration OBSTACLE_KNOWN_WITHIN = Duration.ofSeconds(5);

  private UserLogin() {}

  /**
   * Connects and logs in as {@code ssh} would: by the person's configuration, known hosts, agent
   * and keys. So does it to each machine on the way, where there are some ({@code ProxyJump}).
   *
   * @param host a name, or one that the configuration has
   * @param port what the configuration says unless this is there
   * @param user the same for the account
   * @param environment has {@code SSH_AUTH_SOCK}, and what the configuration names
   * @param atMost for all of it
   * @throws EnvironmentException if the configuration cannot be read, or the machine cannot be
   *     reached, shows a key that is not known (then nothing was sent), or takes none of the
   *     person's keys
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
    Deadline deadline = Deadline.in(atMost);
    List<SshConfig> way = config.way();
    SshMachine machine = logIn(way.get(0), Optional.empty(), deadline.left());
    for (SshConfig next : way.subList(1, way.size())) {
      machine = goOn(machine, next, deadline);
    }
    return machine;
  }

  private static SshMachine logIn(
      SshConfig config, Optional<InetSocketAddress> near, Duration atMost)
      throws InterruptedException {
    return SshMachine.connect(
        config.address(),
        near,
        config.knownHosts(),
        new UserKeys(
            config.agent(),
            config.identityFiles(),
            config.certificateFiles(),
            config.identitiesOnly()),
        KeepAlive.USUAL,
        atMost);
  }

  /** Goes on from a machine, which is closed with the next one, or if that cannot be reached. */
  private static SshMachine goOn(SshMachine through, SshConfig config, Deadline deadline)
      throws InterruptedException {
    boolean done = false;
    try (Tunnel tunnel = through.tunnel(config.address())) {
      SshMachine machine = logIn(config, tunnel, through.address(), deadline);
      machine.endsWith(through);
      done = true;
      return machine;
    } finally {
      if (!done) {
        through.close();
      }
    }
  }

  /** Logs in by a way there. What is told names the machine, and never the way's port here. */
  static SshMachine logIn(SshConfig config, Tunnel tunnel, SshAddress through, Deadline deadline)
      throws InterruptedException {
    try {
      return logIn(config, Optional.of(tunnel.near()), deadline.left());
    } catch (EnvironmentException e) {
      String way =
          "The way there is through "
              + through
              + ", by ProxyJump in your configuration of ssh; try `ssh` there.";
      Optional<String> obstacle = tunnel.obstacle(OBSTACLE_KNOWN_WITHIN);
      if (obstacle.isPresent()) {
        throw new EnvironmentException(
            "cannot connect to " + config.address(), obstacle.get(), way, e);
      }
      throw new EnvironmentException(e.what(), e.why(), (e.next() + "\n" + way).strip(), e);
    }
  }
}
