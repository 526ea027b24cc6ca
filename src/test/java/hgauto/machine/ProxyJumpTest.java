package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way to a machine through others, each of which is an OpenSSH with a key of its own. */
@Timeout(120)
class ProxyJumpTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path work;
  private final List<OpenSshServer> servers = new ArrayList<>();
  private final List<String> config = new ArrayList<>();
  private OpenSshServer gate;
  private OpenSshServer site;

  @BeforeEach
  void start() throws Exception {
    gate = server("gate", "");
    site = server("site", "ProxyJump gate");
  }

  @AfterEach
  void end() {
    servers.forEach(OpenSshServer::close);
  }

  /**
   * Starts one, which the configuration has by that name, with a key and known hosts of its own.
   */
  private OpenSshServer server(String name, String way, String... lines) throws Exception {
    Path key = work.resolve(name + ".key");
    String program = Requires.program("ssh-keygen").toString();
    Process keygen =
        new ProcessBuilder(program, "-qt", "ed25519", "-N", "", "-f", key.toString()).start();
    assertThat(keygen.waitFor()).isZero();
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("LogLevel DEBUG1");
    OpenSshServer server =
        OpenSshServer.start(
            Files.createDirectory(work.resolve(name)),
            Files.readString(work.resolve(name + ".key.pub")).strip(),
            all.toArray(String[]::new));
    servers.add(server);
    know(name, server, server);
    config.addAll(
        List.of(
            "Host " + name,
            "  HostName 127.0.0.1",
            "  Port " + server.port(),
            "  User " + server.user(),
            "  IdentityFile " + key,
            "  UserKnownHostsFile " + known(name),
            "  " + way));
    return server;
  }

  private Path known(String name) {
    return work.resolve(name + ".known");
  }

  private void know(String name, OpenSshServer server, OpenSshServer shows) throws IOException {
    Files.writeString(
        known(name), "[127.0.0.1]:" + server.port() + " " + shows.hostKeyLine() + "\n");
  }

  private SshConfig config(String host) throws IOException {
    config.addAll(List.of("Match all", "  IdentitiesOnly yes", "  GlobalKnownHostsFile none"));
    Path file = Files.write(work.resolve("config"), config);
    return SshConfig.of(
        List.of(Requires.program("ssh").toString(), "-F", file.toString()),
        host,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private EnvironmentException refusal(String host) {
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class, () -> UserLogin.connect(config(host), LIMIT).close());
    assertThat(failure).isNotNull();
    return failure;
  }

  /** What a server says when it is asked to go on to that one. */
  private static String goingOnTo(OpenSshServer server) {
    return "target 127.0.0.1 port " + server.port();
  }

  @Test
  void eachMachineIsReachedFromTheOneBefore() throws Exception {
    OpenSshServer inner = server("inner", "");
    config.removeIf(line -> line.contains("ProxyJump"));
    config.addAll(0, List.of("Host site", "ProxyJump gate," + inner.user() + "@inner"));

    try (SshMachine machine = UserLogin.connect(config("site"), LIMIT)) {
      assertThat(machine.ask("whoami", Command.of("whoami"), LIMIT).strip()).isEqualTo(site.user());
      assertThat(machine.address().port()).isEqualTo(site.port());
      assertThat(machine.hostKeyLine()).startsWith(key(site));
    }
    assertThat(gate.told()).contains(goingOnTo(inner)).doesNotContain(goingOnTo(site));
    assertThat(inner.told()).contains(goingOnTo(site));
  }

  private static String key(OpenSshServer server) throws IOException {
    return String.join(" ", List.of(server.hostKeyLine().split(" ")).subList(0, 2));
  }

  @Test
  void theConnectionsOnTheWayEndWithTheLast() throws Exception {
    SshMachine machine = UserLogin.connect(config("site"), LIMIT);
    assertThat(gate.told()).doesNotContain("Closing connection to");

    machine.close();

    Awaitility.await().atMost(LIMIT).until(() -> gate.told().contains("Closing connection to"));
  }

  @Test
  void theKeyOfTheLastMachineIsItsOwn() throws Exception {
    know("site", site, gate);
    EnvironmentException changed = refusal("site");
    Files.writeString(known("site"), "");
    EnvironmentException unknown = refusal("site");

    assertThat(changed.what()).contains(":" + site.port() + " is not the machine that it was");
    assertThat(unknown.what())
        .contains(":" + site.port() + " is not known; nothing was sent to it");
    assertThat(unknown.next()).contains("The way there is through ssh://");
  }

  @Test
  void aMachineOnTheWayThatIsNotKnownIsNotUsed() throws Exception {
    know("gate", gate, site);

    assertThat(refusal("site").what())
        .contains(":" + gate.port() + " is not the machine that it was");
    assertThat(site.told()).doesNotContain("Accepted", "Postponed");
  }

  @Test
  void aMachineThatTheOneBeforeDoesNotReachIsTold() {
    site.close();

    EnvironmentException e = refusal("site");

    assertThat(e.what()).startsWith("cannot connect to ssh://").endsWith(":" + site.port());
    assertThat(e.why()).endsWith(":" + gate.port() + " says: Connection refused");
    assertThat(e.next()).contains("ProxyJump");
  }

  @Test
  void aMachineThatLetsNobodyGoOnIsTold() throws Exception {
    server("shut", "", "AllowTcpForwarding no");
    config.replaceAll(line -> line.replace("ProxyJump gate", "ProxyJump shut"));

    assertThat(refusal("site").why()).endsWith(" says: open failed");
  }

  /** What is told of the site, by a way that was open, when that is done to the gate. */
  private EnvironmentException refusal(Duration limit, Consumer<SshMachine> toGate)
      throws Exception {
    SshConfig config = config("site");
    try (SshMachine through = UserLogin.connect(config("gate"), LIMIT);
        Tunnel tunnel = through.tunnel(config.address())) {
      toGate.accept(through);
      EnvironmentException failure =
          catchThrowableOfType(
              EnvironmentException.class,
              () -> UserLogin.logIn(config, tunnel, through.address(), Deadline.in(limit)).close());
      assertThat(failure.what()).isEqualTo("cannot connect to " + config.address());
      assertThat(failure.next()).contains("The way there is through " + through.address() + ",");
      assertThat(failure.what() + failure.why() + failure.next())
          .as("the port of the tunnel")
          .doesNotContain(":" + tunnel.near().getPort(), "port " + tunnel.near().getPort());
      return failure;
    }
  }

  @Test
  void timeThatIsUpOnTheWayIsToldOfTheLastMachine() throws Exception {
    assertThat(refusal(Duration.ZERO, through -> {}).why()).isEqualTo("the time was up");
  }

  @Test
  void aMachineOnTheWayThatIsLostIsToldOfTheLastMachine() throws Exception {
    assertThat(refusal(LIMIT, SshMachine::close).why())
        .matches("the connection to ssh://\\S+:" + gate.port() + " was cut");
  }

  @Test
  void aWayInACircleIsTold() {
    config.addAll(
        0, List.of("Host gate", "ProxyJump other", "Host other", "ProxyJump gate", "Host site"));

    assertThat(refusal("site").why()).contains("it goes through ", "other, gate, site, and on");
  }

  @Test
  void thePortIsThereForOneConnectionWhichStays() throws Exception {
    try (SshMachine through = UserLogin.connect(config("gate"), LIMIT)) {
      Tunnel tunnel = through.tunnel(new SshAddress("nobody", "127.0.0.1", site.port()));
      InetSocketAddress near = tunnel.near();
      try (Socket first = new Socket(near.getAddress(), near.getPort())) {
        byte[] greeting = first.getInputStream().readNBytes(8);
        assertThat(new String(greeting, StandardCharsets.US_ASCII)).isEqualTo("SSH-2.0-");

        tunnel.close();

        assertThatExceptionOfType(ConnectException.class)
            .isThrownBy(() -> new Socket(near.getAddress(), near.getPort()).close());
        first.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(first.getInputStream().readNBytes(200)).hasSize(200); // how it could encrypt
      }
    }
  }
}
