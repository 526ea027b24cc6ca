package hgauto.machine;

import hgauto.poll.Poll;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A machine that is reached by SSH: one connection, on which many commands and transfers can go on
 * at once. Safe for use by several threads.
 *
 * <p>Once the connection is cut, or the machine has not answered for half a minute, whatever goes
 * on and whatever is begun fails with a {@link hgauto.error.MachineLostException}.
 */
public final class SshMachine implements AutoCloseable {
  private SshMachine() {}

  /**
   * A file to be sent.
   *
   * @param local is read
   * @param remote its path there; what is there is replaced
   * @param mode its permissions, such as 0644
   */
  public record Upload(Path local, String remote, int mode) {}

  /**
   * A file to be fetched.
   *
   * @param remote its path there
   * @param local is written; what is there is replaced
   */
  public record Download(String remote, Path local) {}

  /**
   * Connects and logs in.
   *
   * @param key opens it; nothing else is tried
   * @param atMost for all of it
   * @throws hgauto.error.EnvironmentException if it cannot be reached, shows a key that is not
   *     among {@code hostKeys} (then nothing was sent), or does not take our key
   */
  public static SshMachine connect(
      SshAddress address, HostKeys hostKeys, SshKey key, Duration atMost)
      throws InterruptedException {
    return Stub.later();
  }

  /**
   * The same for a machine that is starting: nobody there yet, and our key not known yet, are
   * reasons to try again, twice a second. A wrong host key is not.
   *
   * @param what it is, for a person: "i-0a1b (hg-linux-dev)"
   */
  public static SshMachine await(
      String what, SshAddress address, HostKeys hostKeys, SshKey key, Poll poll, Duration atMost)
      throws InterruptedException {
    return Stub.later();
  }

  /** Where it is. */
  public SshAddress address() {
    return Stub.later();
  }

  /** The key that it showed, as one line: {@code ssh-ed25519 AAAA…}. */
  public String hostKeyLine() {
    return Stub.later();
  }

  /**
   * Runs a command to its end. What it prints arrives as it comes, nothing is left out, and each
   * chunk is flushed. If the calling thread is interrupted, the command's channel is closed first.
   *
   * @param out gets its standard output; not closed
   * @param err gets its standard error; may be the same stream, then both are in the order in which
   *     they came
   * @return its exit code; 128 and the signal's number where a signal ended it
   * @throws hgauto.error.EnvironmentException if it is not done after {@code atMost}
   * @throws hgauto.error.MachineLostException if the machine is lost before the exit code is known
   */
  public int run(Command command, OutputStream out, OutputStream err, Duration atMost)
      throws InterruptedException {
    return Stub.later();
  }

  /**
   * Runs a command that is to succeed.
   *
   * @param purpose what it is run for, to begin an error with: "cannot prepare /hgwork"
   * @return what it printed to standard output, as UTF-8
   * @throws hgauto.error.EnvironmentException if it ends with anything but 0; it says the end of
   *     what it printed to standard error
   */
  public String ask(String purpose, Command command, Duration atMost) throws InterruptedException {
    return Stub.later();
  }

  /**
   * Sends files, several at a time. Each has its whole content or the call fails.
   *
   * @throws hgauto.error.EnvironmentException if one cannot be read or written; it names the file
   */
  public void upload(List<Upload> files) throws InterruptedException {
    Stub.later();
  }

  /** Sends a file that is not on this machine's disk. */
  public void put(byte[] content, String remote, int mode) throws InterruptedException {
    Stub.later();
  }

  /**
   * Fetches files, several at a time.
   *
   * @throws hgauto.error.EnvironmentException if one is not there, or cannot be read or written
   */
  public void download(List<Download> files) throws InterruptedException {
    Stub.later();
  }

  /** The content of a file there, or empty if there is none. */
  public Optional<byte[]> read(String remote, int atMostBytes) throws InterruptedException {
    return Stub.later();
  }

  @Override
  public void close() {
    Stub.later();
  }
}
