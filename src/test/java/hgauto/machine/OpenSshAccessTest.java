package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.testbed.OpenSshServer;
import hgauto.testbed.Processes;
import hgauto.testbed.Requires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenSshAccessTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final SshKey KEY = SshKey.generate();

  @TempDir private Path folder;
  private Path keys;
  private OpenSshServer server;

  private record Printed(int code, String text) {}

  @BeforeEach
  void start() throws Exception {
    Requires.program("ssh");
    server = OpenSshServer.start(Files.createDirectory(folder.resolve("ssh")), KEY.publicLine());
    keys = Files.createDirectory(folder.resolve("it's 100% \"odd\""));
    KEY.save(keys);
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void sshReachesTheMachineAsWeDo() throws Exception {
    try (SshMachine machine = connect();
        OpenSshAccess access = OpenSshAccess.to(machine, SshKey.file(keys))) {
      assertThat(ssh(access, "echo hello")).isEqualTo(new Printed(0, "hello\n"));
      Path config = config(access);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config.getParent())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void hgPushesByIt() throws Exception {
    Path hg = Requires.program("hg");
    Path here = folder.resolve("here");
    Path there = folder.resolve("the re");
    run(hg + " init " + here + " && " + hg + " init '" + there + "'");
    Files.writeString(here.resolve("file"), "content");
    run("cd " + here + " && " + hg + " commit -qAm one -u test");
    try (SshMachine machine = connect();
        OpenSshAccess access = OpenSshAccess.to(machine, SshKey.file(keys))) {
      Process push =
          new ProcessBuilder(
                  hg.toString(),
                  "--cwd=" + here,
                  "push",
                  "--config=ui.ssh=" + access.command(),
                  "--config=ui.remotecmd=" + hg,
                  access.url(there.toString().replace(" ", "%20")))
              .redirectErrorStream(true)
              .start();
      assertThat(printed(push).text())
          .contains("ssh://" + server.user() + "@127.0.0.1:" + server.port() + "/", "1 changesets");
    }
    assertThat(run("cd '" + there + "' && " + hg + " log -T '{desc}'").text()).isEqualTo("one");
  }

  @Test
  void sshNeedNotConnectWhereThatIsDoneAhead() throws Exception {
    try (SshMachine machine = connect();
        OpenSshAccess access = OpenSshAccess.to(machine, SshKey.file(keys))) {
      access.connectAhead().join();
      Files.delete(SshKey.file(keys)); // which one more connection would take
      assertThat(ssh(access, "echo hello")).isEqualTo(new Printed(0, "hello\n"));
    }
  }

  /** ssh gives LocalCommand to it, and some have one that refuses all. */
  @Test
  void theUsersShellDoesNotMatter() throws Exception {
    try (SshMachine machine = connect();
        OpenSshAccess access = OpenSshAccess.to(machine, SshKey.file(keys))) {
      ProcessBuilder connecting = access.connecting();
      assertThat(connecting.environment()).containsEntry("SHELL", "/bin/sh");
      Process ssh = connecting.start();
      try {
        assertThat(ssh.getInputStream().read()).isEqualTo('\n');
      } finally {
        ssh.destroy();
        ssh.waitFor();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"long", "100%"})
  void anyTemporaryFolderWillDo(String kind) throws Exception {
    String name = kind.equals("long") ? "long".repeat(20) : kind;
    Path temporary = Files.createDirectory(folder.resolve(name));
    SshAddress address = new SshAddress(server.user(), "127.0.0.1", server.port());
    try (OpenSshAccess access =
        OpenSshAccess.to(address, server.hostKeyLine(), SshKey.file(keys), temporary)) {
      access.connectAhead().join();
      assertThat(ssh(access, "echo hello")).isEqualTo(new Printed(0, "hello\n"));
    }
  }

  @Test
  void sshConnectsByItselfWhereItCannotBeDoneAhead() throws Exception {
    try (SshMachine machine = connect();
        OpenSshAccess access = OpenSshAccess.to(machine, SshKey.file(keys))) {
      Path away = Files.move(SshKey.file(keys), keys.resolve("away"));
      access.connectAhead().join();
      Files.move(away, SshKey.file(keys));
      assertThat(ssh(access, "echo hello")).isEqualTo(new Printed(0, "hello\n"));
    }
  }

  @Test
  void anotherHostKeyIsNoConnectionAhead() throws Exception {
    try (SshMachine machine = connect();
        OpenSshAccess access = OpenSshAccess.to(machine, SshKey.file(keys))) {
      server.close();
      server.newHostKey();
      server.restart();
      access.connectAhead().join();
      assertThat(ssh(access, "echo hello").text())
          .contains("Host key verification failed")
          .doesNotContain("hello\n");
    }
  }

  @Test
  void anotherHostKeyIsRefused() throws Exception {
    try (SshMachine machine = connect();
        OpenSshAccess access = OpenSshAccess.to(machine, SshKey.file(keys))) {
      server.close();
      server.newHostKey();
      server.restart();
      Printed printed = ssh(access, "echo hello");
      assertThat(printed.code()).isEqualTo(255);
      assertThat(printed.text()).contains("Host key verification failed").doesNotContain("hello\n");
    }
  }

  @Test
  void anAddressOnOneInterfaceArrivesAsItIs() throws Exception {
    SshAddress address = new SshAddress("hg", "fe80::1%eth0", 22);
    try (OpenSshAccess access =
        OpenSshAccess.to(address, server.hostKeyLine(), SshKey.file(keys))) {
      assertThat(run(access.command() + " -G anything").text())
          .contains("\nhostname fe80::1%eth0\n");
      assertThat(access.url("/x")).isEqualTo("ssh://hg@fe80--1-eth0:22//x");
    }
  }

  @Test
  void nothingIsLeftWhenItIsClosed() throws Exception {
    Path config;
    try (SshMachine machine = connect();
        OpenSshAccess access = OpenSshAccess.to(machine, SshKey.file(keys))) {
      config = config(access);
      assertThat(config).exists();
      access.connectAhead().join();
      assertThat(Processes.with(config.toString())).hasSize(1);
    }
    assertThat(config.getParent()).doesNotExist();
    assertThat(Processes.with(config.toString())).isEmpty();
  }

  private SshMachine connect() throws Exception {
    return SshMachine.connect(
        new SshAddress(server.user(), "127.0.0.1", server.port()),
        new HostKeys.Pinned(List.of(server.hostKeyLine())),
        KEY,
        LIMIT);
  }

  private static Path config(OpenSshAccess access) {
    return Path.of(access.command().replaceAll("^ssh -F '(.*)'$", "$1"));
  }

  /** As Mercurial does it. */
  private Printed ssh(OpenSshAccess access, String command) throws Exception {
    return run(access.command() + " anything '" + command + "'");
  }

  private static Printed run(String line) throws Exception {
    return printed(new ProcessBuilder("/bin/sh", "-c", line).redirectErrorStream(true).start());
  }

  private static Printed printed(Process process) throws Exception {
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Printed(process.waitFor(), text);
  }
}
