package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A machine that is reached by SSH: one connection, on which many commands and transfers can go on
 * at once. Safe for use by several threads.
 *
 * <p>Once the connection is cut, or the machine has not answered for half a minute, whatever goes
 * on and whatever is begun fails with a {@link hgauto.error.MachineLostException}.
 */
public final class SshMachine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SshMachine.class);

  /** How long an answer may be that is kept, in bytes. */
  private static final int ANSWER = 1 << 20;

  private final SshAddress address;
  private final SshClient client;
  private final ClientSession session;
  private final RemoteCommands commands;
  private final SftpFiles files;
  private final SftpNames names;
  private final RemoteHashes hashes;

  /** Of a connection on which we are logged in; both are this object's from now on. */
  SshMachine(
      SshAddress address,
      SshClient client,
      ClientSession session,
      SessionWatch watch,
      KeepAlive keepAlive) {
    this.address = address;
    this.client = client;
    this.session = session;
    SftpChannels sftp = new SftpChannels(session);
    Channels channels = new Channels(sftp::closeIdle);
    this.commands = new RemoteCommands(address, session, watch, channels);
    SftpTransfers transfers =
        new SftpTransfers(
            session,
            channels,
            sftp,
            new SftpFailure(address, session, commands::lost),
            keepAlive.stalled());
    this.files = new SftpFiles(transfers);
    this.names = new SftpNames(transfers, address);
    this.hashes = new RemoteHashes(commands, transfers);
  }

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
   * @param size in bytes of one that is known to be a regular file, which takes a round trip less;
   *     if it is shorter, fetching it fails, and if it is longer, the rest is left out
   */
  public record Download(String remote, Path local, OptionalLong size) {
    /** Of a file of which nothing is known. */
    public Download(String remote, Path local) {
      this(remote, local, OptionalLong.empty());
    }
  }

  /**
   * A part of a file.
   *
   * @param remote a regular file, if it is there
   * @param offset of the part, in bytes
   * @param atMost how many bytes are wanted
   */
  public record Part(String remote, long offset, int atMost) {}

  /**
   * A machine that is starting.
   *
   * @param name for a person: "i-0a1b (hg-linux-dev)"
   * @param check is run every ten seconds, and throws as soon as there is nothing to wait for
   */
  public record Starting(String name, Runnable check) {}

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
    return connect(address, hostKeys, key, KeepAlive.USUAL, atMost);
  }

  /** The same, for tests that do not wait so long for a dead machine or a stalled transfer. */
  static SshMachine connect(
      SshAddress address, HostKeys hostKeys, SshKey key, KeepAlive keepAlive, Duration atMost)
      throws InterruptedException {
    return connect(address, Optional.empty(), hostKeys, Credentials.of(key), keepAlive, atMost);
  }

  /**
   * The same with whatever opens it.
   *
   * @param near the port of this machine that leads there; empty to go there by itself
   */
  static SshMachine connect(
      SshAddress address,
      Optional<InetSocketAddress> near,
      HostKeys hostKeys,
      Credentials credentials,
      KeepAlive keepAlive,
      Duration atMost)
      throws InterruptedException {
    LOG.debug("connect to {}", address); // scripts/bench ready looks for it
    Login login = new Login(address, near, hostKeys, credentials, keepAlive);
    boolean done = false;
    try {
      SshMachine machine = login.open(atMost, atMost);
      done = true;
      return machine;
    } catch (NoLoginException e) {
      throw e.failure();
    } finally {
      if (!done) {
        login.giveUp();
      }
    }
  }

  /**
   * The same for a machine that is starting: nobody there yet, and our key not known yet, are
   * reasons to try again, twice a second; after three refusals of our key, every five seconds. A
   * wrong host key is not.
   */
  public static SshMachine await(
      Starting machine,
      SshAddress address,
      HostKeys hostKeys,
      SshKey key,
      Poll poll,
      Duration atMost)
      throws InterruptedException {
    LOG.debug("connect to {}, which is starting", address);
    Login login =
        new Login(address, Optional.empty(), hostKeys, Credentials.of(key), KeepAlive.USUAL);
    StartingMachine starting = new StartingMachine(login, machine.check(), atMost, poll.clock());
    boolean done = false;
    try {
      SshMachine connected =
          poll.until(
              machine.name() + " to accept SSH", StartingMachine.PAUSE, atMost, starting::look);
      done = true;
      return connected;
    } finally {
      if (!done) {
        login.giveUp();
      }
    }
  }

  /** Where it is. */
  public SshAddress address() {
    return address;
  }

  /** The key that it showed, as one line: {@code ssh-ed25519 AAAA…}. */
  public String hostKeyLine() {
    return PublicKeyEntry.toString(session.getServerKey());
  }

  /**
   * Whether the connection is there; it is not where it is cut, or nothing came for half a minute.
   */
  public boolean isOpen() {
    return session.isOpen();
  }

  /**
   * Runs a command to its end. What it prints arrives as it comes, nothing is left out, and each
   * chunk is flushed. If the calling thread is interrupted, the command's channel is closed first.
   *
   * @param out gets its standard output; not closed
   * @param err gets its standard error; may be the same stream, then both are in the order in which
   *     they came
   * @return its exit code; 128 and the signal's number where a signal ended it
   * @param atMost how long it may take once the machine has a session for it
   * @throws hgauto.error.EnvironmentException if it is not done after {@code atMost}, or there was
   *     no session for it in half a minute
   * @throws hgauto.error.MachineLostException if the machine is lost before the exit code is known
   */
  public int run(Command command, OutputStream out, OutputStream err, Duration atMost)
      throws InterruptedException {
    return commands.run(command, out, err, atMost);
  }

  /**
   * Runs a command that is to succeed.
   *
   * @param purpose what it is run for, to begin an error with: "cannot prepare /hgwork"
   * @return what it printed to standard output, as UTF-8
   * @throws hgauto.error.EnvironmentException if it ends with anything but 0; it says the end of
   *     what it printed to standard error. Also if it prints more than 1 MiB to standard output; it
   *     is ended then
   */
  public String ask(String purpose, Command command, Duration atMost) throws InterruptedException {
    BoundedOutput out = new BoundedOutput(ANSWER);
    Tail err = new Tail();
    int code = run(command, out, err, atMost);
    if (code != 0) {
      throw new EnvironmentException(
          purpose + " on " + address, "exit code " + code + err.after(":\n"), "");
    }
    return out.text();
  }

  /**
   * Sends files, several at a time. Each has its whole content or the call fails.
   *
   * @throws hgauto.error.EnvironmentException if one cannot be read or written, or nothing goes on
   *     for half a minute; it names the file
   */
  public void upload(List<Upload> uploads) throws InterruptedException {
    files.upload(uploads);
  }

  /** Sends a file that is not on this machine's disk. */
  public void put(byte[] content, String remote, int mode) throws InterruptedException {
    files.put(content, remote, mode);
  }

  /**
   * Fetches files, several at a time.
   *
   * @throws hgauto.error.EnvironmentException if one is not there or is no regular file, or cannot
   *     be read or written, or nothing goes on for half a minute
   */
  public void download(List<Download> downloads) throws InterruptedException {
    files.download(downloads);
  }

  /** The content of a regular file there, or empty if there is none. */
  public Optional<byte[]> read(String remote, int atMostBytes) throws InterruptedException {
    return files.read(remote, atMostBytes);
  }

  /**
   * What there is of several files, such as a log that is being written, all in two round trips.
   * Whether a file is there is looked at before any is read.
   *
   * @return the content of each part, which is nothing beyond the file's end; empty for a file that
   *     is not there
   */
  public List<Optional<byte[]>> read(List<Part> parts) throws InterruptedException {
    return files.read(parts);
  }

  /**
   * Sends files under their own names, several at a time, the longest first. Where a shorter one is
   * there, it gets what it lacks; what it has is taken for the same. Where a longer one is there,
   * or one that may be removed but not written, it is sent anew. If this fails, what has arrived
   * stays, for another call to go on with.
   *
   * <p>Each has its whole size, its mode, and, where the server does {@code fsync@openssh.com}, is
   * on its disk, or the call fails. Whether it has the content as well, {@link #sha256} tells.
   *
   * @throws hgauto.error.EnvironmentException as {@link #upload} does
   */
  public void uploadRest(List<Upload> uploads, TransferProgress progress)
      throws InterruptedException {
    files.uploadRest(uploads, progress);
  }

  /**
   * The SHA-256 of files there, in hexadecimal, by path. Where the account has a shell with {@code
   * sha256sum}, that says it; otherwise the files are fetched, several at a time, and not kept.
   *
   * @param read is told how far it has come; where {@code sha256sum} says it, only at the begin and
   *     the end of each file
   * @throws hgauto.error.EnvironmentException if one is not there, is no regular file or cannot be
   *     read
   */
  public Map<String, String> sha256(List<String> remotes, TransferProgress read)
      throws InterruptedException {
    return hashes.of(remotes, read);
  }

  /** What is there; links are followed. Empty if there is nothing of that name. */
  public Optional<RemoteStat> stat(String remote) throws InterruptedException {
    return names.stat(remote);
  }

  /** Where a link leads, as it says itself; empty if there is none of that name. */
  public Optional<String> link(String remote) throws InterruptedException {
    return names.link(remote);
  }

  /**
   * What is in a folder there, by name, folders too; links are followed.
   *
   * @throws hgauto.error.EnvironmentException if there is no such folder, or it cannot be read
   */
  public SortedMap<String, RemoteStat> list(String folder) throws InterruptedException {
    return names.list(folder);
  }

  /**
   * Creates a file there. It is whole from the moment it is there, and on the server's disk where
   * the server can say so. Of several who create it at once, one does.
   *
   * @throws FileThereException if there is something of that name
   */
  public void create(String remote, byte[] content, int mode) throws InterruptedException {
    names.create(remote, content, mode);
  }

  /**
   * Renames a file there.
   *
   * @throws FileThereException if there is something of the new name; OpenSSH's server makes sure
   *     of that on file systems with hard links
   */
  public void rename(String from, String to) throws InterruptedException {
    names.rename(from, to);
  }

  /** Whether {@link #replace} works there. */
  public boolean canReplace() throws InterruptedException {
    return names.canReplace();
  }

  /**
   * Renames a file there, in place of another one if there is one; at every moment there is the one
   * or the other.
   *
   * @throws hgauto.error.EnvironmentException if its server does not do {@code
   *     posix-rename@openssh.com}; then nothing is changed
   */
  public void replace(String from, String to) throws InterruptedException {
    names.replace(from, to);
  }

  /** Removes a file there. That it is gone already is fine. */
  public void remove(String remote) throws InterruptedException {
    names.remove(remote);
  }

  /**
   * Makes a folder there.
   *
   * @throws hgauto.error.EnvironmentException if that is not possible, as where it is there already
   */
  public void makeFolder(String remote) throws InterruptedException {
    files.makeFolder(remote);
  }

  /** A way from there to another machine. */
  Tunnel tunnel(SshAddress to) {
    return new Tunnel(session, address, to);
  }

  /** Has that machine, through which this one is reached, closed when this connection ends. */
  void endsWith(SshMachine through) {
    session.addCloseFutureListener(closed -> through.close());
  }

  @Override
  public void close() {
    session.close(true);
    client.close(true);
  }
}
