package hgauto.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * OpenSSH's own server on a port of 127.0.0.1, with a host key and a configuration of its own, for
 * the account that the tests run as, or for one that has nothing but SFTP.
 */
public final class OpenSshServer implements AutoCloseable {
  /** Debian and Ubuntu have it; it has no shell. */
  private static final String SFTP_ONLY = "www-data";

  private final Path folder;

  /** With what the other account must be able to read; null where there is none. */
  private final Path jail;

  /** Keeps the port from others, also while this is closed: it is bound, and does not listen. */
  private final Socket reserved;

  private final List<String> command;
  private Process process;

  private OpenSshServer(Path folder, Path jail, Socket reserved, List<String> command) {
    this.folder = folder;
    this.jail = jail;
    this.reserved = reserved;
    this.command = command;
  }

  /**
   * Starts one, which is ready when this returns.
   *
   * @param folder is empty, and gets its files; the caller removes it
   * @param authorizedLine the public key that opens it
   * @param configuration further lines of its configuration
   */
  public static OpenSshServer start(Path folder, String authorizedLine, String... configuration)
      throws IOException {
    return start(folder, null, authorizedLine, List.of(configuration));
  }

  /**
   * The same for an account that has SFTP only, and {@link #jail} for its root folder, as those who
   * may change a web site often have. Needs root.
   *
   * @param configuration may have another {@code ForceCommand internal-sftp}, with flags
   */
  public static OpenSshServer startSftpOnly(
      Path folder, String authorizedLine, String... configuration) throws IOException {
    Requires.that(
        System.getProperty("user.name").equals("root"), "only root can be another account");
    // Everything above a root folder must be root's, and /tmp is everybody's.
    Path home = Files.createTempDirectory(Path.of("/run"), "hgauto-sftp-");
    Path jail = Files.createDirectory(home.resolve("jail"));
    for (Path open : List.of(home, jail)) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    own(Files.createDirectory(jail.resolve("site")));
    List<String> lines = new ArrayList<>(List.of(configuration));
    lines.add("ChrootDirectory " + jail);
    lines.add("ForceCommand internal-sftp");
    lines.add("DisableForwarding yes");
    return start(folder, jail, authorizedLine, lines);
  }

  private static void own(Path site) throws IOException {
    UserPrincipal owner =
        site.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(SFTP_ONLY);
    Files.setOwner(site, owner);
  }

  private static OpenSshServer start(
      Path folder, Path jail, String authorizedLine, List<String> configuration)
      throws IOException {
    Path sshd = Path.of("/usr/sbin/sshd"); // it insists on an absolute path
    Requires.that(Files.isExecutable(sshd), "there is no " + sshd);
    Socket reserved = new Socket();
    reserved.setReuseAddress(true); // as sshd does, so that it can have the port besides
    reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    int port = reserved.getLocalPort();
    List<String> lines = new ArrayList<>(configuration); // the first value of each counts
    lines.add("ListenAddress 127.0.0.1:" + port);
    lines.add("HostKey " + folder.resolve("host_key"));
    lines.add("AuthorizedKeysFile " + keys(folder, jail));
    lines.add("PidFile none");
    lines.add("StrictModes no"); // temporary folders are everybody's
    lines.add("UsePAM no");
    lines.add("PasswordAuthentication no");
    lines.add("KbdInteractiveAuthentication no");
    lines.add("Subsystem sftp internal-sftp");
    Files.write(folder.resolve("sshd_config"), lines);
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd")); // where it locks up its unprivileged half
    }
    OpenSshServer server =
        new OpenSshServer(
            folder,
            jail,
            reserved,
            List.of(sshd.toString(), "-D", "-e", "-f", folder.resolve("sshd_config").toString()));
    server.newHostKey();
    server.authorize(authorizedLine);
    server.restart();
    return server;
  }

  /** Starts it again after {@link #close}, on the same port. */
  public void restart() throws IOException {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(20))
        .failFast(() -> !process.isAlive())
        .until(this::answers);
  }

  /** Gives it another host key, which it shows once it is started again. */
  public void newHostKey() throws IOException {
    Files.deleteIfExists(folder.resolve("host_key"));
    String file = folder.resolve("host_key").toString();
    run(Requires.program("ssh-keygen").toString(), "-qt", "ed25519", "-N", "", "-f", file);
  }

  /** From now on this public key opens it, and no other does. */
  public void authorize(String line) throws IOException {
    Files.writeString(keys(folder, jail), line + "\n");
  }

  /** The server reads it as the account. */
  private static Path keys(Path folder, Path jail) {
    return jail == null ? folder.resolve("authorized_keys") : jail.resolveSibling("keys");
  }

  /** The account that its key opens. */
  public String user() {
    return jail == null ? System.getProperty("user.name") : SFTP_ONLY;
  }

  /**
   * What an account that has SFTP only has for its root folder. Its folder {@code site} is the
   * account's.
   */
  public Path jail() {
    return Objects.requireNonNull(jail);
  }

  /** Of 127.0.0.1. */
  public int port() {
    return reserved.getLocalPort();
  }

  /** The public half of its host key, as one line. */
  public String hostKeyLine() throws IOException {
    return Files.readString(folder.resolve("host_key.pub")).strip();
  }

  /** What it has said of itself. */
  public String told() throws IOException {
    return Files.readString(log());
  }

  private Path log() {
    return folder.resolve("log");
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 1000);
      return socket.getInputStream().read() == 'S';
    } catch (IOException e) {
      return false;
    }
  }

  private static void run(String... argv) throws IOException {
    Process process = new ProcessBuilder(argv).inheritIO().start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(argv[0] + " failed");
    }
  }

  /** Ends it and its connections. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Removes the root folder of the account that has SFTP only; for when this is closed. */
  public void removeJail() throws IOException {
    try (Stream<Path> files = Files.walk(jail().getParent())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
