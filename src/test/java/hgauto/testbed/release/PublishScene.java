package hgauto.testbed.release;

import hgauto.testbed.HgautoProgram;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A release to be published, a package index, a web site with OpenSSH, and a person who may publish
 * on both.
 */
public final class PublishScene implements AutoCloseable {
  /** What others have in {@code latest.dat}. */
  public static final String OTHERS =
      "10\t7.1\t.*Windows.*\thttps://example.org/tortoisehg-7.1-x64.msi\tTortoiseHg\n";

  private final HgautoProgram program;
  private final PypiServer index;
  private final OpenSshServer server;
  private final Path checkout;
  private final Path site;
  private final String remoteSite;

  /** What a server is started with. */
  @FunctionalInterface
  public interface Server {
    /** Starts it, for a public key. */
    OpenSshServer start(Path folder, String authorizedLine) throws IOException;
  }

  /**
   * @param folder is empty; the caller removes it
   * @param start starts the site's server
   */
  public PublishScene(Path folder, Server start) throws IOException {
    program = new HgautoProgram(Files.createDirectory(folder.resolve("person")));
    checkout = folder.resolve("checkout");
    Files.createDirectories(checkout.resolve(".hg"));
    Path ssh = Files.createDirectory(program.home().resolve(".ssh"));
    Path key = ssh.resolve("id_ed25519");
    execute(Requires.program("ssh-keygen").toString(), "-qt", "ed25519", "-N", "", "-f", key + "");
    server =
        start.start(
            Files.createDirectory(folder.resolve("server")),
            Files.readString(ssh.resolve("id_ed25519.pub")).strip());
    boolean jailed = !server.user().equals(System.getProperty("user.name"));
    site = jailed ? server.jail().resolve("site") : Files.createDirectory(folder.resolve("site"));
    remoteSite = jailed ? "/site/" : site + "/";
    knowHost();
    Files.write(
        ssh.resolve("config"),
        List.of(
            "Host *",
            "  IdentityFile " + key,
            "  UserKnownHostsFile " + ssh.resolve("known_hosts")));
    Path bin = Files.createDirectory(folder.resolve("bin"));
    script(bin.resolve("ssh"), Requires.program("ssh") + " -F " + ssh.resolve("config"));
    Files.createSymbolicLink( // as pipx has it
        bin.resolve("twine"),
        Path.of(Requires.env("HGAUTO_TESTBED_PYTHON")).resolveSibling("twine"));
    index = PypiServer.start(Files.createDirectory(folder.resolve("index")));
    program.with("PATH", bin + ":" + System.getenv("PATH"));
    index.credentials().forEach(program::with);
  }

  private static void script(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\nexec " + command + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void execute(String... argv) throws IOException {
    if (new ProcessBuilder(argv).inheritIO().start().onExit().join().exitValue() != 0) {
      throw new IOException(argv[0] + " failed");
    }
  }

  /** Has the person know the server's key. */
  public void knowHost() throws IOException {
    Files.writeString(
        program.home().resolve(".ssh/known_hosts"),
        "[127.0.0.1]:" + server.port() + " " + server.hostKeyLine() + "\n");
  }

  /** The person's program. */
  public HgautoProgram program() {
    return program;
  }

  public PypiServer index() {
    return index;
  }

  public OpenSshServer server() {
    return server;
  }

  /** The folder with what is built. */
  public Path dist() {
    return checkout.resolve("dist");
  }

  /** The site's folder, as it is on this machine. */
  public Path site() {
    return site;
  }

  /** The same as the account sees it. */
  public String remoteSite() {
    return remoteSite;
  }

  /** The contents of what is on the site, hidden files too, by name. */
  public Map<String, byte[]> onSite() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(site)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** The contents of the packages that are built, by name. */
  public Map<String, byte[]> built() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(dist())) {
      for (Path file : all.filter(it -> it.toString().matches(".*\\.(whl|exe|msi)")).toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** Starts a command that publishes or tells of it, with these places. */
  public HgautoProgram.Running start(String command, String version, String... more)
      throws IOException {
    return program.start(checkout, arguments(command, version, more));
  }

  /** Publishes version 5.9 on a terminal, where a person answers the question. */
  public HgautoProgram.Running publishOnTerminal(String answer, String... more) throws IOException {
    return program.startOnTerminal(
        checkout, "type publish:", answer, arguments("publish-windows-artifacts", "5.9", more));
  }

  private String[] arguments(String command, String version, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                version,
                "--repository-url=" + index.upload(),
                "--site-host=127.0.0.1:" + server.port(),
                "--site-dir=" + remoteSite,
                "--ssh-username=" + server.user()));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** Runs one to its end. */
  public HgautoProgram.Result run(String command, String version, String... more)
      throws IOException, InterruptedException {
    return start(command, version, more).end();
  }

  /** Publishes without a question. */
  public HgautoProgram.Result publish(String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--yes"));
    arguments.addAll(List.of(more));
    return run("publish-windows-artifacts", "5.9", arguments.toArray(String[]::new));
  }

  @Override
  public void close() {
    index.close();
    server.close();
  }
}
