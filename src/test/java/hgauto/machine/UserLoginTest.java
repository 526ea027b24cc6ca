package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A person's own configuration, known hosts, keys and agent, with the real ssh and ssh-agent. */
@Timeout(60)
class UserLoginTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String STRANGE = LaunchHostKey.generate().publicLine();

  @TempDir private static Path folder;
  @TempDir private static Path keys;
  private static OpenSshServer server;

  @TempDir private Path work;
  private Path known;

  @BeforeAll
  static void start() throws Exception {
    makeKey("right", "ed25519", "");
    makeKey("other", "ed25519", "");
    makeKey("locked", "ed25519", "secret");
    makeKey("rsa", "rsa", "");
    server = OpenSshServer.start(folder, publicLine("right"));
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void theHostIsKnown() throws Exception {
    server.authorize(publicLine("right"));
    known =
        Files.writeString(
            work.resolve("known_hosts"),
            "[127.0.0.1]:" + server.port() + " " + server.hostKeyLine() + "\n");
  }

  @Test
  void theConfigurationSaysWhereAndHowAsSshTakesIt() throws Exception {
    Files.write(
        work.resolve("sites"),
        List.of(
            "Match originalhost site exec \"true\"",
            "  HostName 127.0.0.1",
            "  Port " + server.port(),
            "  User " + server.user()));

    assertThat(
            logsIn(
                "site",
                "Include " + work.resolve("sites"),
                "Host si*",
                "  IdentityFile " + keys + "/%n.none",
                "  IdentityFile " + keys + "/other",
                "  IdentityFile ${KEYS}/right",
                "  User nobody")) // the first value counts
        .isEqualTo(server.user());
  }

  @Test
  void whatThePersonSaysHereComesFirst() throws Exception {
    SshConfig config =
        SshConfig.of(
            ssh("Host 127.0.0.1", "Port 1", "User nobody", "IdentityFile " + keys + "/right"),
            "127.0.0.1",
            Optional.of(server.port()),
            Optional.of(server.user()),
            Map.of());

    try (SshMachine machine = UserLogin.connect(config, LIMIT)) {
      assertThat(machine.address())
          .isEqualTo(new SshAddress(server.user(), "127.0.0.1", server.port()));
    }
  }

  @Test
  void aKeyWithAPassphraseIsUsedByWayOfTheAgent() throws Exception {
    server.authorize(publicLine("locked"));
    try (Agent agent = Agent.start(work)) {
      agent.add("locked", "secret");

      assertThat(logsInBy(agent, "IdentityFile " + keys + "/locked")).isEqualTo(server.user());
      assertThat(logsInBy(agent, "IdentityFile none")).isEqualTo(server.user());
    }
  }

  @Test
  void anRsaKeyOfTheAgentOpensIt() throws Exception {
    server.authorize(publicLine("rsa"));
    try (Agent agent = Agent.start(work)) {
      agent.add("rsa", "");

      assertThat(logsInBy(agent, "IdentityFile none")).isEqualTo(server.user());
    }
  }

  @Test
  void ofAnAgentWithManyKeysTheOneThatIsNamedComesFirst() throws Exception {
    try (Agent agent = Agent.start(work)) {
      for (int count = 0; count < 7; count++) { // a server breaks off after six
        makeKey("many" + count, "ed25519", "");
        agent.add("many" + count, "");
      }
      agent.add("right", "");
      Path named = Files.copy(keys.resolve("right.pub"), work.resolve("right.pub"));

      assertThat(logsInBy(agent, "IdentityFile " + named)).isEqualTo(server.user());
      assertThat(logsInBy(agent, "IdentityFile " + keys + "/right", "IdentitiesOnly yes"))
          .isEqualTo(server.user());
    }
  }

  @Test
  void withIdentitiesOnlyTheAgentsOthersAreNotShown() throws Exception {
    try (Agent agent = Agent.start(work)) {
      agent.add("right", "");

      EnvironmentException e =
          refusal(agent.environment(), "IdentityFile " + keys + "/other", "IdentitiesOnly yes");

      assertThat(e.why()).contains(fingerprint("other")).doesNotContain(fingerprint("right"));
    }
  }

  @Test
  void theConfigurationCanNameAnotherAgentOrNone() throws Exception {
    try (Agent agent = Agent.start(work)) {
      agent.add("right", "");
      String socket = agent.environment().get("SSH_AUTH_SOCK");

      assertThat(logsIn(here("IdentityFile none", "IdentityAgent " + socket)))
          .isEqualTo(server.user());
      EnvironmentException e =
          refusal(agent.environment(), "IdentityFile none", "IdentityAgent none");
      assertThat(e.why())
          .isEqualTo("there is no key to show it\nthere is no agent (SSH_AUTH_SOCK)");
    }
  }

  @Test
  void aKeyWithAPassphraseAndNoAgentIsTold() {
    EnvironmentException e = refusal(Map.of(), "IdentityFile " + keys + "/locked");

    assertThat(e.what()).contains("127.0.0.1").endsWith(" does not let us in");
    assertThat(e.why()).contains("there is no agent", keys + "/locked: it has a passphrase");
    assertThat(e.next()).contains("ssh-add " + keys + "/locked");
  }

  @Test
  void whatWasShownInVainIsTold() throws Exception {
    Path garbage = Files.writeString(work.resolve("garbage"), "garbage");
    Path socket = work.resolve("nobody");

    EnvironmentException e =
        refusal(
            Map.of("SSH_AUTH_SOCK", socket.toString()),
            "IdentityFile " + keys + "/other",
            "IdentityFile " + garbage);

    assertThat(e.why())
        .startsWith(
            "it takes none of these for the account "
                + server.user()
                + ": ssh-ed25519 "
                + fingerprint("other"))
        .contains(
            "the agent at " + socket + " does not answer", garbage + ": it is no private key");
    assertThat(e.next()).contains("ssh -v");
  }

  @Test
  void aTokenThatWeDoNotTakeIsNamed() {
    EnvironmentException e = refusal(Map.of(), "IdentityFile " + keys + "/%C");

    assertThat(e.why()).isEqualTo("it names a file with %C, which hgauto does not take");
  }

  @Test
  void aCertificateThatIsNotShownIsTold() {
    EnvironmentException e =
        refusal(
            Map.of(),
            "IdentityFile " + keys + "/other",
            "CertificateFile " + keys + "/%n-cert.pub");

    assertThat(e.why())
        .contains(keys + "/127.0.0.1-cert.pub: a certificate is only shown by way of the agent");
  }

  @Test
  void hostsAreKnownByEachFileHashedOrNot() throws Exception {
    Path mine = work.resolve("mine");
    Files.move(known, mine);
    run(Map.of(), "ssh-keygen", "-H", "-f", mine.toString());
    Path none = work.resolve("none");

    assertThat(
            logsIn(
                here(
                    "IdentityFile " + keys + "/right",
                    "GlobalKnownHostsFile " + none + " " + mine)))
        .isEqualTo(server.user());
  }

  @Test
  void aHostIsKnownByItsAlias() throws Exception {
    String alias = "HostKeyAlias release.example";
    EnvironmentException e = refusal(Map.of(), "IdentityFile " + keys + "/right", alias);
    assertThat(e.what()).startsWith("the host key of ").endsWith("; nothing was sent to it");
    assertThat(e.why()).contains("SHA256:", known.toString());

    String add = e.next().lines().filter(line -> line.contains(" >> ")).findFirst().orElseThrow();
    run(Map.of(), "sh", "-c", add); // as it says

    assertThat(Files.readString(known)).contains("\nrelease.example ssh-");
    assertThat(logsIn(here("IdentityFile " + keys + "/right", alias))).isEqualTo(server.user());
  }

  @Test
  void anotherOrARevokedHostKeyIsRefusedWhateverTheConfigurationSays() throws Exception {
    String name = "[127.0.0.1]:" + server.port() + " ";
    String trusting = "StrictHostKeyChecking no";
    String key = "IdentityFile " + keys + "/right";
    Path global = Files.writeString(work.resolve("global"), "@revoked * " + server.hostKeyLine());
    EnvironmentException revoked = refusal(Map.of(), key, "GlobalKnownHostsFile " + global);
    Files.writeString(known, name + STRANGE + "\n");
    EnvironmentException changed = refusal(Map.of(), key, trusting);
    Files.writeString(known, "");
    EnvironmentException unknown = refusal(Map.of(), key, trusting);

    assertThat(revoked.why()).contains("is marked as @revoked in", global.toString());
    assertThat(changed.what()).contains("is not the machine that it was");
    assertThat(unknown.what()).contains("is not known; nothing was sent to it");
  }

  @Test
  void whoKeepsNoHostsIsNotToldToAddOneThere() throws Exception {
    String nowhere = "UserKnownHostsFile /dev/null";
    EnvironmentException unknown = refusal(Map.of(), nowhere);
    Path global =
        Files.writeString(
            work.resolve("global"), "[127.0.0.1]:" + server.port() + " " + STRANGE + "\n");
    EnvironmentException changed = refusal(Map.of(), nowhere, "GlobalKnownHostsFile " + global);

    assertThat(unknown.next())
        .doesNotContain(">>")
        .contains("let UserKnownHostsFile in your configuration of ssh name a file");
    assertThat(changed.next())
        .contains("ssh-keygen -f " + global + " -R", ">> " + global)
        .doesNotContain("/dev/null");
  }

  @Test
  void aWayByAProgramIsRefused() {
    EnvironmentException e = refusal(Map.of(), "ProxyCommand nc %h %p");

    assertThat(e.why()).contains("proxycommand nc %h %p");
    assertThat(e.next()).contains("ProxyJump");
  }

  @Test
  void aConfigurationThatSshDoesNotTakeIsTold() {
    EnvironmentException e = refusal(Map.of(), "Nonsense yes");

    assertThat(e.what()).isEqualTo("cannot find out how to reach 127.0.0.1");
    assertThat(e.why()).contains("nonsense");
    assertThat(e.next())
        .contains(
            "config -G -T -p " + server.port() + " -l " + server.user() + " -- 127.0.0.1` says");
  }

  @Test
  void aHostThatLooksLikeAnOptionIsNoOption() {
    EnvironmentException e =
        catchThrowableOfType(
            EnvironmentException.class,
            () ->
                SshConfig.of(
                    List.of("ssh"),
                    "-oProxyCommand=false",
                    Optional.empty(),
                    Optional.empty(),
                    Map.of()));

    assertThat(e.what()).isEqualTo("cannot find out how to reach -oProxyCommand=false");
  }

  @Test
  void withoutSshItIsTold() {
    EnvironmentException e =
        catchThrowableOfType(
            EnvironmentException.class,
            () ->
                SshConfig.of(
                    List.of(work.resolve("ssh").toString()),
                    "site",
                    Optional.empty(),
                    Optional.empty(),
                    Map.of()));

    assertThat(e.what()).contains("cannot run OpenSSH's ssh");
    assertThat(e.next()).contains("openssh-client");
  }

  /** The account to which that configuration leads. */
  private String logsIn(String host, String... lines) throws Exception {
    return logsIn(
        SshConfig.of(ssh(lines), host, Optional.empty(), Optional.empty(), environment()));
  }

  private static String logsIn(SshConfig config) throws Exception {
    try (SshMachine machine = UserLogin.connect(config, LIMIT)) {
      return machine.ask("whoami", Command.of("whoami"), LIMIT).strip();
    }
  }

  private String logsInBy(Agent agent, String... lines) throws Exception {
    return logsIn(here(agent.environment(), lines));
  }

  private EnvironmentException refusal(Map<String, String> environment, String... lines) {
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> UserLogin.connect(here(environment, lines), LIMIT).close());
    assertThat(failure).isNotNull();
    return failure;
  }

  private SshConfig here(String... lines) throws IOException {
    return here(Map.of(), lines);
  }

  private SshConfig here(Map<String, String> environment, String... lines) throws IOException {
    return SshConfig.of(
        ssh(lines),
        "127.0.0.1",
        Optional.of(server.port()),
        Optional.of(server.user()),
        environment);
  }

  private static Map<String, String> environment() {
    return Map.of("KEYS", keys.toString());
  }

  /** The program with a configuration of these lines, and nothing of who runs the tests. */
  private List<String> ssh(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("Match all");
    all.add("UserKnownHostsFile " + known);
    all.add("GlobalKnownHostsFile none");
    Path config = Files.write(work.resolve("config"), all);
    return List.of(Requires.program("ssh").toString(), "-F", config.toString());
  }

  private static void makeKey(String name, String kind, String passphrase) throws Exception {
    String file = keys.resolve(name).toString();
    run(Map.of(), "ssh-keygen", "-qt", kind, "-N", passphrase, "-f", file);
  }

  private static String publicLine(String name) throws IOException {
    return Files.readString(keys.resolve(name + ".pub")).strip();
  }

  private static String fingerprint(String name) throws Exception {
    return run(Map.of(), "ssh-keygen", "-lf", keys.resolve(name).toString()).split(" ", 3)[1];
  }

  private static String run(Map<String, String> environment, String program, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add(0, Requires.program(program).toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  /** OpenSSH's own. */
  private record Agent(Process process, Path folder) implements AutoCloseable {
    static Agent start(Path folder) throws Exception {
      Path socket = folder.resolve("agent");
      Process process =
          new ProcessBuilder(
                  Requires.program("ssh-agent").toString(), "-D", "-a", socket.toString())
              .start();
      process.getInputStream().read(); // says where it is, once it is there
      return new Agent(process, folder);
    }

    Map<String, String> environment() {
      return Map.of("SSH_AUTH_SOCK", folder.resolve("agent").toString());
    }

    void add(String key, String passphrase) throws Exception {
      Path answer =
          Files.writeString(folder.resolve("askpass"), "#!/bin/sh\necho '" + passphrase + "'\n");
      assertThat(answer.toFile().setExecutable(true)).isTrue();
      run(
          Map.of(
              "SSH_AUTH_SOCK",
              folder.resolve("agent").toString(),
              "SSH_ASKPASS",
              answer.toString(),
              "SSH_ASKPASS_REQUIRE",
              "force"),
          "ssh-add",
          "-q",
          keys.resolve(key).toString());
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }
}
