package hgauto.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.process.EndOfProcess;
import hgauto.process.LocalProgram;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What OpenSSH's own {@code ssh} needs to reach a machine just as we do, for {@code hg push}: a
 * configuration and a known_hosts that pin the same host key, in a private folder of its own that
 * goes when this is closed. Nothing of the user's configuration is read or written.
 *
 * <p>It can connect ahead, so that the next {@code ssh} need not; see ControlMaster in
 * ssh_config(5).
 */
public final class OpenSshAccess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSshAccess.class);

  /** How long it may take to say its version. */
  private static final Duration SAYS_SO = Duration.ofSeconds(30);

  /** What known_hosts calls the machine, whatever its address is. */
  private static final String ALIAS = "hgauto";

  /** Windows' OpenSSH has no ControlMaster. */
  private static final boolean WINDOWS = File.separatorChar == '\\';

  /**
   * In bytes, of a Unix socket's path: macOS takes 104 with the NUL, of which ssh adds 17 to a name
   * that it uses at first.
   */
  private static final int LONGEST_SOCKET = 86;

  /** How long ssh may take to connect ahead; then it goes on, and is not waited for. */
  private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(30);

  private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

  private final SshAddress address;
  private final Path folder;

  /** Null until there is one; guarded by this object's lock. */
  private Process ahead;

  private boolean closed;

  private OpenSshAccess(SshAddress address, Path folder) {
    this.address = address;
    this.folder = folder;
  }

  /**
   * Writes the files.
   *
   * @param keyFile the private key, see {@link SshKey#file}
   * @throws EnvironmentException if they cannot be written
   */
  public static OpenSshAccess to(SshMachine machine, Path keyFile) {
    return to(machine.address(), machine.hostKeyLine(), keyFile);
  }

  /**
   * The same for a machine that need not be there.
   *
   * @param hostKeyLine the key that it shows
   */
  static OpenSshAccess to(SshAddress address, String hostKeyLine, Path keyFile) {
    return to(address, hostKeyLine, keyFile, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * The same.
   *
   * @param temporary the files' folder is made in it
   */
  static OpenSshAccess to(SshAddress address, String hostKeyLine, Path keyFile, Path temporary) {
    try {
      // Java makes it 0700; and Ctrl-C comes to no "finally".
      Path folder = Files.createTempDirectory(temporary, "hgauto-ssh-").toAbsolutePath();
      folder.toFile().deleteOnExit();
      OpenSshAccess access = new OpenSshAccess(address, folder);
      boolean done = false;
      try {
        access.write(access.knownHosts(), ALIAS + " " + hostKeyLine + "\n");
        access.write(access.config(), access.configuration(keyFile.toAbsolutePath()));
        done = true;
        return access;
      } finally {
        if (!done) {
          access.close();
        }
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot write down for ssh how to reach " + address,
          Reason.of(e),
          "Free some space in the folder for temporary files.",
          e);
    }
  }

  /**
   * Sees to it that there is an {@code ssh} on this machine.
   *
   * @throws EnvironmentException if there is none on the PATH
   */
  public static void requireSsh() {
    try {
      LocalProgram.run(List.of("ssh", "-V"), Path.of("").toAbsolutePath(), Map.of(), SAYS_SO);
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot run OpenSSH's ssh on this machine, by which hg pushes",
          Reason.of(e),
          "Install it; Debian's package is openssh-client.",
          e);
    }
  }

  /**
   * Begins to connect, for the next {@code ssh}, which connects by itself where this cannot. The
   * connection ends when this is closed, and when this process ends, even by {@code kill -9}: it
   * lasts as long as a command on the machine that reads its standard input, which is ours.
   *
   * @return is done once it is connected, or will never be
   */
  public synchronized CompletableFuture<Void> connectAhead() {
    if (closed || !canConnectAhead()) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      Process ssh = connecting().start();
      ahead = ssh;
      CompletableFuture<Void> connected = new CompletableFuture<>();
      Thread thread = new Thread(() -> follow(ssh, connected), "ssh");
      thread.setDaemon(true);
      thread.start();
      return connected.completeOnTimeout(null, CONNECTS_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (IOException e) {
      LOG.debug("ssh does not connect ahead", e);
      return CompletableFuture.completedFuture(null);
    }
  }

  /** The {@code ssh} that connects ahead; it prints a line when others can use its connection. */
  ProcessBuilder connecting() {
    ProcessBuilder builder =
        new ProcessBuilder(
            "ssh",
            "-F",
            config().toString(),
            "-o",
            "ControlMaster=yes",
            "-o",
            "PermitLocalCommand=yes",
            "-o",
            "LocalCommand=echo",
            destination(),
            "exec cat");
    builder.environment().put("SHELL", "/bin/sh"); // runs LocalCommand; the user's may refuse to
    return builder;
  }

  private static void follow(Process ssh, CompletableFuture<Void> connected) {
    try {
      LOG.debug("ssh has {}", ssh.getInputStream().read() == -1 ? "ended" : "connected ahead");
      connected.complete(null);
      Tail complaints = new Tail();
      ssh.getErrorStream().transferTo(complaints);
      LOG.debug("ssh does not connect ahead any more{}", complaints.after(": "));
    } catch (IOException e) {
      LOG.debug("ssh does not connect ahead any more", e); // this has been closed
    } finally {
      connected.complete(null);
    }
  }

  private boolean canConnectAhead() {
    return !WINDOWS && socket().toString().getBytes(UTF_8).length <= LONGEST_SOCKET;
  }

  /** For {@code ui.ssh}: ssh and its arguments, quoted as Mercurial takes it. */
  public String command() {
    String file = config().toString(); // Mercurial gives it to the system's shell
    return "ssh -F " + (WINDOWS ? '"' + file + '"' : Shell.quoted(file));
  }

  /** {@code ssh://hg@host:port/PATH}, for hg; the path is absolute there. */
  public String url(String path) {
    return "ssh://" + destination() + ":" + address.port() + "/" + path;
  }

  /** The configuration says where it is. Colons in the name confuse hg and ssh, a % hg. */
  private String destination() {
    return address.user() + "@" + address.host().replaceAll("[:%]", "-");
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (ahead != null) {
      ahead.destroy();
      EndOfProcess.await(ahead, ENDS_WITHIN);
    }
    try {
      Files.deleteIfExists(socket());
      Files.deleteIfExists(config());
      Files.deleteIfExists(knownHosts());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.warn("{} is left; it goes with the process", folder, e);
    }
  }

  private Path config() {
    return folder.resolve("config");
  }

  private Path socket() {
    return folder.resolve("ahead");
  }

  private Path knownHosts() {
    return folder.resolve("known_hosts");
  }

  private String configuration(Path keyFile) {
    KeepAlive alive = KeepAlive.USUAL;
    return String.join(
        "\n",
        "Host *",
        "HostName " + escaped(address.host()),
        "Port " + address.port(),
        "User " + address.user(),
        "IdentityFile " + quoted(keyFile),
        "IdentitiesOnly yes",
        "IdentityAgent none",
        "PreferredAuthentications publickey",
        "UserKnownHostsFile " + quoted(knownHosts()),
        "GlobalKnownHostsFile none",
        "HostKeyAlias " + ALIAS,
        "StrictHostKeyChecking yes",
        "UpdateHostKeys no",
        "BatchMode yes",
        canConnectAhead() ? "ControlPath " + quoted(socket()) : "",
        "ConnectTimeout 30",
        "ServerAliveInterval " + alive.every().toSeconds(),
        "ServerAliveCountMax " + alive.unanswered(),
        "");
  }

  /** Percent signs begin what ssh puts in by itself. */
  private static String escaped(String text) {
    return text.replace("%", "%%");
  }

  private static String quoted(Path file) {
    String text = escaped(file.toString());
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void write(Path file, String text) throws IOException {
    file.toFile().deleteOnExit();
    PrivateFiles.create(file, text.getBytes(UTF_8));
  }
}
