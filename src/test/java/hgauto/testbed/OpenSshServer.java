package hgauto.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * OpenSSH's own server on a port of 127.0.0.1, with a host key and a configuration of its own, for
 * the account that the tests run as.
 */
public final class OpenSshServer implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final List<String> command;
  private Process process;

  private OpenSshServer(Path folder, int port, List<String> command) {
    this.folder = folder;
    this.port = port;
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
    Path sshd = Path.of("/usr/sbin/sshd"); // it insists on an absolute path
    Requires.that(Files.isExecutable(sshd), "there is no " + sshd);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    List<String> lines = new ArrayList<>(List.of(configuration)); // the first value of each counts
    lines.add("ListenAddress 127.0.0.1:" + port);
    lines.add("HostKey " + folder.resolve("host_key"));
    lines.add("AuthorizedKeysFile " + folder.resolve("authorized_keys"));
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
            port,
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
    Files.writeString(folder.resolve("authorized_keys"), line + "\n");
  }

  /** The account that its key opens. */
  public String user() {
    return System.getProperty("user.name");
  }

  /** Of 127.0.0.1. */
  public int port() {
    return port;
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
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
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
}
