package hgauto.aws.lease;

import hgauto.machine.SshAddress;
import hgauto.machine.SshMachine;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A machine of EC2, and the connection to it. Closing it closes the connection and then ends the
 * machine. If {@link #succeeded} was not said before, it tells if the machine was lost since it has
 * ended by itself, and with {@code --keep-on-failure} one that has not stays.
 */
public final class Ec2Machine implements AutoCloseable {
  private final Lease lease;
  private volatile SshMachine ssh;
  private final Path keyFile;
  private final boolean keepOnFailure;
  private final Consumer<String> told;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean succeeded;

  /**
   * Lease and connection are this object's from now on.
   *
   * @param keyFile the private half of the key that opens it
   * @param told is given sentences for a person
   */
  public Ec2Machine(
      Lease lease, SshMachine ssh, Path keyFile, boolean keepOnFailure, Consumer<String> told) {
    this.lease = lease;
    this.ssh = ssh;
    this.keyFile = keyFile;
    this.keepOnFailure = keepOnFailure;
    this.told = told;
  }

  /** The instance; this object closes it. */
  public Lease lease() {
    return lease;
  }

  /** The connection; this object closes it. */
  public SshMachine ssh() {
    return ssh;
  }

  /**
   * The connection was cut, as by a restart, and there is another one.
   *
   * @param again the connection from now on; this object closes it
   */
  public void reconnected(SshMachine again) {
    ssh.close();
    ssh = again;
  }

  /** What it was launched for is done: there is no failure to look into. */
  public void succeeded() {
    succeeded = true;
  }

  /**
   * See the class. Only the first time counts.
   *
   * @throws hgauto.error.LeftoverException if the instance could not be ended
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try (lease) {
      boolean mayHaveEnded = !ssh.isOpen();
      ssh.close();
      if (!succeeded && (mayHaveEnded || keepOnFailure)) {
        failed();
      }
    }
  }

  /**
   * Only EC2 knows whether it has ended. It is not asked without need: the answer may take long.
   */
  private void failed() {
    Optional<String> whyEnded = lease.whyEnded();
    if (whyEnded.isPresent()) {
      told.accept(lease + " had ended already: " + whyEnded.get());
    } else if (keepOnFailure && lease.keep()) {
      howToConnect().lines().forEach(told);
    }
  }

  /** For a person, who has OpenSSH. */
  private String howToConnect() {
    SshAddress at = ssh.address();
    return """
        to connect:
          echo '%2$s %3$s' >hg-known-hosts
          ssh -i %1$s -o IdentitiesOnly=yes -o UserKnownHostsFile=hg-known-hosts %4$s@%2$s
        to end it before that: aws ec2 terminate-instances --region %5$s --instance-ids %6$s"""
        .formatted(keyFile, at.host(), ssh.hostKeyLine(), at.user(), lease.region(), lease.id());
  }

  /** "i-0a1b (hg-linux-dev in us-west-2)". */
  @Override
  public String toString() {
    return lease.toString();
  }
}
