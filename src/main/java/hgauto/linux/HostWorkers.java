package hgauto.linux;

import hgauto.machine.HostKeys;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Machines of the user's own, which are there already and stay. */
public final class HostWorkers implements Workers {
  private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(30);

  private final List<SshAddress> hosts;
  private final HostKeys hostKeys;
  private final SshKey key;

  /**
   * @param hosts in their order
   * @param hostKeys that they may show
   * @param key opens them
   */
  public HostWorkers(List<SshAddress> hosts, HostKeys hostKeys, SshKey key) {
    this.hosts = List.copyOf(hosts);
    this.hostKeys = hostKeys;
    this.key = key;
  }

  /**
   * Connects to that host. A number beyond the last one begins again with the first: it is asked
   * for when a machine was lost, and that may have been the fault of the way to it.
   *
   * @throws hgauto.error.EnvironmentException if that cannot be
   */
  @Override
  public Worker open(int number) throws InterruptedException {
    SshAddress host = hosts.get((number - 1) % hosts.size());
    return new HostWorker(SshMachine.connect(host, hostKeys, key, CONNECTS_WITHIN));
  }

  private record HostWorker(SshMachine ssh) implements Worker {
    @Override
    public String name() {
      return ssh.address().toString();
    }

    /** Of a machine that we did not make we know nothing. */
    @Override
    public Optional<String> diskSerial() {
      return Optional.empty();
    }

    @Override
    public void succeeded() {}

    @Override
    public void close() {
      ssh.close();
    }
  }
}
