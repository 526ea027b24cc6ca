package hgauto.windows;

import com.google.gson.JsonObject;
import hgauto.aws.image.WindowsBase;
import hgauto.aws.lease.Lease;
import hgauto.aws.ssm.ManagedInstances;
import hgauto.machine.HostKeys;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import hgauto.poll.Poll;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The way into a Windows machine: Systems Manager opens it to SSH, and tells its host key, so that
 * the first connection is verified already.
 */
final class WindowsLogin {
  /** At its first boot Windows restarts itself, and has a lot to do. */
  private static final Duration ONLINE_WITHIN = Duration.ofMinutes(15);

  /** Before Windows Server 2025 the SSH server is fetched from Microsoft. */
  private static final Duration OPEN_WITHIN = Duration.ofMinutes(15);

  private static final Duration SHORT = Duration.ofMinutes(1);
  private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(5);

  /** What runs there goes on meanwhile, and would be lost. */
  private static final Duration IS_BACK_WITHIN = Duration.ofMinutes(10);

  private static final Duration RESTARTS_WITHIN = Duration.ofMinutes(15);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Lease lease;
  private final ManagedInstances instances;
  private final SystemScripts system;
  private final SshKey key;
  private final Poll poll;
  private final Consumer<String> told;

  /**
   * @param told is given sentences for a person
   */
  WindowsLogin(
      Lease lease,
      ManagedInstances instances,
      SystemScripts system,
      SshKey key,
      Poll poll,
      Consumer<String> told) {
    this.lease = lease;
    this.instances = instances;
    this.system = system;
    this.key = key;
    this.poll = poll;
    this.told = told;
  }

  /**
   * Waits until the machine runs and is online, opens it, and connects.
   *
   * @return logged in as Administrator; the caller closes it
   * @throws hgauto.error.EnvironmentException if a step fails, or takes too long
   */
  SshMachine open() throws InterruptedException {
    SshAddress address = new SshAddress(WindowsBase.LOGIN, lease.awaitRunning(), SshAddress.PORT);
    told.accept(lease + " starts; Windows takes a few minutes for that");
    awaitOnline();
    told.accept(lease + " is online; opening it to SSH");
    JsonObject values = new JsonObject();
    values.addProperty("instance", lease.id());
    values.addProperty("publicKey", key.publicLine());
    system.run(WindowsScript.named("enable-openssh.ps1"), values, OPEN_WITHIN);
    String hostKey =
        system.run(WindowsScript.named("read-host-key.ps1"), new JsonObject(), SHORT).strip();
    SshMachine ssh = connect(address, hostKey, ANSWERS_WITHIN);
    return once(() -> AdministratorRun.prepare(ssh), ssh);
  }

  /**
   * Restarts the machine, waits until it is up again, and connects.
   *
   * @param before the connection until now, which breaks
   */
  SshMachine restart(SshMachine before) throws InterruptedException {
    told.accept("restarting " + lease);
    system.run(WindowsScript.named("restart.ps1"), new JsonObject(), SHORT);
    poll.until(
        lease + " to go down for its restart",
        EVERY,
        RESTARTS_WITHIN,
        () -> Optional.of(before).filter(connection -> !connection.isOpen()));
    SshMachine ssh = connect(before.address(), before.hostKeyLine(), RESTARTS_WITHIN);
    return once(this::awaitOnline, ssh);
  }

  /**
   * Connects again to a machine that still runs, as far as EC2 tells.
   *
   * @param before the connection until now, which is cut
   * @throws hgauto.error.EnvironmentException if it has ended, or does not accept SSH for 10
   *     minutes
   */
  SshMachine reconnect(SshMachine before) throws InterruptedException {
    lease.assureNotEnded("it could be connected to again");
    told.accept("the connection to " + lease + " was cut; connecting again");
    return connect(before.address(), before.hostKeyLine(), IS_BACK_WITHIN);
  }

  private void awaitOnline() throws InterruptedException {
    instances.awaitOnline(
        lease.id(),
        () -> lease.assureNotEnded("its agent for Systems Manager was online"),
        ONLINE_WITHIN);
  }

  /** What is yet to do on a connection before it is somebody's. */
  private interface Step {
    void go() throws InterruptedException;
  }

  private static SshMachine once(Step step, SshMachine ssh) throws InterruptedException {
    boolean done = false;
    try {
      step.go();
      done = true;
      return ssh;
    } finally {
      if (!done) {
        ssh.close();
      }
    }
  }

  private SshMachine connect(SshAddress address, String hostKey, Duration atMost)
      throws InterruptedException {
    return SshMachine.await(
        new SshMachine.Starting(lease.toString(), () -> lease.assureNotEnded("it accepted SSH")),
        address,
        new HostKeys.Pinned(List.of(hostKey)),
        key,
        poll,
        atMost);
  }
}
