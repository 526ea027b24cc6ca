package hgauto.windows;

import com.google.gson.JsonObject;
import hgauto.aws.lease.Ec2Machine;
import hgauto.aws.lease.Lease;
import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.machine.SshMachine;
import hgauto.machine.SshMachine.Download;
import hgauto.poll.Poll;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A Windows machine of EC2. Scripts run there as Administrator, or as SYSTEM by Systems Manager;
 * files go over SSH. A connection that is cut while a script runs, or a file is sent or fetched, is
 * made again, as long as the machine is there; what runs there does not depend on it. Closing it
 * ends the machine, see {@link Ec2Machine}. Safe for use by several threads, but for {@link
 * #restart}.
 */
public final class WindowsMachine implements AutoCloseable, WindowsConnection {
  private final Ec2Machine machine;
  private final WindowsLogin login;
  private final SystemScripts system;
  private final Poll poll;

  /** Held by the thread that connects again; the others wait for that. */
  private final ReentrantLock connecting = new ReentrantLock();

  private boolean lost;

  /** The machine is this object's from now on. */
  WindowsMachine(Ec2Machine machine, WindowsLogin login, SystemScripts system, Poll poll) {
    this.machine = machine;
    this.login = login;
    this.system = system;
    this.poll = poll;
  }

  /** The instance; this object closes it. */
  public Lease lease() {
    return machine.lease();
  }

  /** The connection, as Administrator, for files; paths begin with {@code /C:/}. */
  @Override
  public SshMachine ssh() {
    return machine.ssh();
  }

  @Override
  public void reconnect(MachineLostException cut) throws InterruptedException {
    connecting.lockInterruptibly();
    try {
      if (lost) {
        throw cut;
      }
      if (!ssh().isOpen()) {
        machine.reconnected(login.reconnect(ssh()));
      }
    } catch (EnvironmentException e) {
      lost = true; // whoever else has noticed need not try
      cut.addSuppressed(e);
      throw cut;
    } finally {
      connecting.unlock();
    }
  }

  /**
   * Why the machine is lost, if it is; for what has a connection of its own, as {@code hg push}
   * has, and has failed.
   */
  public Optional<String> whyLost() {
    return lease()
        .whyEnded()
        .or(() -> ssh().isOpen() ? Optional.empty() : Optional.of("the connection was cut"));
  }

  /**
   * Fetches a file; from its beginning, over a new connection, where it is cut meanwhile.
   *
   * @throws EnvironmentException if it cannot be read there or written here
   * @throws MachineLostException if the machine is lost
   */
  public void download(Download file) throws InterruptedException {
    complete(
        ssh -> {
          ssh.download(List.of(file));
          return null;
        });
  }

  /**
   * What is in a file; it is read anew where the connection is cut meanwhile.
   *
   * @param atMostBytes how large it may be
   * @return empty if there is no such file
   * @throws EnvironmentException if it cannot be read, or is larger
   * @throws MachineLostException if the machine is lost
   */
  public Optional<byte[]> read(String remote, int atMostBytes) throws InterruptedException {
    return complete(ssh -> ssh.read(remote, atMostBytes));
  }

  /**
   * Runs a script as Administrator, in a scheduled task that needs no password: as SYSTEM,
   * compilers and Python would work in a profile that they do not expect. However it ends, the
   * script and what it has started are ended.
   *
   * @param log gets what it prints as it comes, as text in UTF-8; the first line is the account and
   *     its profile. Not closed
   * @param atMost how long it may take
   * @return its exit code
   * @throws EnvironmentException if it ends without an exit code
   * @throws hgauto.error.RemoteWorkException if it takes longer
   * @throws MachineLostException if the machine is lost meanwhile
   */
  public int run(WindowsScript script, JsonObject values, OutputStream log, Duration atMost)
      throws InterruptedException {
    return new AdministratorRun(this, system, poll, script.name() + " on " + machine)
        .run(script, values, log, atMost);
  }

  /**
   * Runs a short script as SYSTEM. It may be run twice, where the answer to the request is lost.
   *
   * @return what it printed, at most 24,000 characters
   * @throws EnvironmentException if it ends with anything but 0
   */
  public String ask(WindowsScript script, JsonObject values, Duration atMost)
      throws InterruptedException {
    return system.run(script, values, atMost);
  }

  /** Restarts Windows, and connects again. What runs there is ended. */
  public void restart() throws InterruptedException {
    machine.reconnected(login.restart(ssh()));
  }

  /** What it was launched for is done: there is no failure to look into. */
  public void succeeded() {
    machine.succeeded();
  }

  /**
   * See {@link Ec2Machine#close}.
   *
   * @throws hgauto.error.LeftoverException if the instance could not be ended
   */
  @Override
  public void close() {
    machine.close();
  }

  /** "i-0a1b (hg-windows-dev in us-west-2)". */
  @Override
  public String toString() {
    return machine.toString();
  }
}
