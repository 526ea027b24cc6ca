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
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts whose keys are in a file as OpenSSH keeps it; the server has keys of two kinds. */
@Timeout(60)
class KnownHostsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final SshKey KEY = SshKey.generate();
  private static final String STRANGE = LaunchHostKey.generate().publicLine();

  @TempDir private static Path folder;
  private static OpenSshServer server;
  private static String rsa;
  private static String ed25519;
  private static String name;

  @TempDir private Path work;

  @BeforeAll
  static void start() throws Exception {
    Path rsaFile = folder.resolve("rsa");
    run("ssh-keygen", "-qt", "rsa", "-b", "2048", "-N", "", "-f", rsaFile.toString());
    server = OpenSshServer.start(folder, KEY.publicLine(), "HostKey " + rsaFile, "LogLevel DEBUG1");
    rsa = key(Files.readString(folder.resolve("rsa.pub")));
    ed25519 = key(server.hostKeyLine());
    name = "[127.0.0.1]:" + server.port();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Test
  void aHostIsKnownByEitherKindOfKey() throws Exception {
    assertThat(connect(name + " " + rsa)).isEqualTo(rsa);
    assertThat(connect(name + " " + ed25519)).isEqualTo(ed25519);
  }

  @Test
  void otherLinesDoNotMatter() throws Exception {
    assertThat(
            connect(
                "# a comment",
                "",
                "garbage",
                "bad.example ssh-rsa !!!",
                name + " ssh-nonsense AAAA",
                "@cert-authority * " + STRANGE,
                "other," + name + ",more " + ed25519 + " and a comment",
                "127.0.0.1 " + STRANGE))
        .isEqualTo(ed25519);
  }

  @Test
  void aNameWithoutAPortWillDoWhereNoneHasOne() throws Exception {
    assertThat(connect("127.0.0.1 " + ed25519)).isEqualTo(ed25519);
  }

  @Test
  void hashedNamesAreFound() throws Exception {
    Path file = write("other.example " + STRANGE, name + " " + rsa);
    run("ssh-keygen", "-H", "-f", file.toString());
    assertThat(Files.readString(file)).contains("|1|").doesNotContain("127.0.0.1");
    assertThat(connect(file)).isEqualTo(rsa);
  }

  @Test
  void anUnknownHostIsRefusedAndWhatToDoIsSaid() throws Exception {
    Path file = write("other.example " + ed25519);
    EnvironmentException failure = refusal(file);
    assertThat(failure.what())
        .isEqualTo("the host key of " + address() + " is not known; nothing was sent to it");
    assertThat(failure.why()).contains("SHA256:", file.toString());
    String scan = "ssh-keyscan -p " + server.port() + " 127.0.0.1";
    assertThat(failure.next())
        .contains(scan + " | ssh-keygen -lf -", scan + " >> " + file, "administrator");
    run("sh", "-c", scan + " >> " + file); // as it says
    assertThat(connect(file)).isNotEmpty();
  }

  @Test
  void aHostWithAnotherKeyIsRefused() throws Exception {
    Path file = write(name + " " + STRANGE);
    EnvironmentException failure = refusal(file);
    assertThat(failure.what())
        .isEqualTo(address() + " is not the machine that it was; nothing was sent to it");
    assertThat(failure.why()).contains("it shows ssh-ed25519 SHA256:", " instead of ssh-ed25519 ");
    assertThat(failure.next()).contains("ssh-keygen -f " + file + " -R '" + name + "'");
    assertThat(server.told()).contains("SSH2_MSG_KEXINIT received");
  }

  @Test
  void aRevokedKeyIsRefusedAlthoughItIsKnown() throws Exception {
    Path file = write(name + " " + ed25519, "@revoked * " + ed25519);
    EnvironmentException failure = refusal(file);
    assertThat(failure.why()).contains("is marked as @revoked");
    assertThat(connect(name + " " + ed25519, "@revoked * " + STRANGE)).isEqualTo(ed25519);
  }

  @Test
  void aKeyRevokedWithoutAPortIsRefusedOnEveryPort() throws Exception {
    String revoked = "@revoked 127.0.0.1 " + ed25519;
    assertThat(refusal(write("127.0.0.1 " + ed25519, revoked)).why())
        .contains("is marked as @revoked");
    assertThat(refusal(write(name + " " + ed25519, revoked)).why())
        .contains("is marked as @revoked");
  }

  @Test
  void withoutAFileNobodyIsKnown() throws Exception {
    Path file = work.resolve("nowhere");
    EnvironmentException failure = refusal(file);
    EnvironmentException unknown = refusal(Files.createFile(file));
    assertThat(failure.what())
        .isEqualTo("the host key of " + address() + " is not known; nothing was sent to it");
    assertThat(failure).hasMessage(unknown.getMessage());
    assertThat(failure.next()).contains("ssh-keyscan", ">> " + file);
  }

  @Test
  void whatToDoIsQuotedForTheShell() throws Exception {
    Path file = Files.createDirectory(work.resolve("it's ours")).resolve("known hosts");
    Files.writeString(file, name + " " + STRANGE + "\n");
    refusal(file).next().lines().filter(line -> line.startsWith("  ")).forEach(KnownHostsTest::sh);
    assertThat(connect(file)).isNotEmpty();
  }

  private static void sh(String line) {
    try {
      run("sh", "-c", line);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFileThatCannotBeRead() {
    EnvironmentException failure = refusal(work); // a folder
    assertThat(failure.what()).isEqualTo("cannot read the file of known hosts " + work);
    assertThat(failure.next()).contains("ssh-keyscan");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "builder.example 22 true",
        "BUILDER.example 22 true",
        "*.example 22 true",
        "buil?er.example 22 true",
        "build?er.example 22 false",
        "*.example,!builder* 22 false",
        "!other,* 22 true",
        "[builder.example]:2222 2222 true",
        "[*]:2222 2222 true",
        "* 2222 true",
        "*.example 2222 false",
        "[builder.example]:2222 22 false",
        "builderxexample 22 false",
      })
  void namesAreWhatSshTakesThemFor(String names, int port, boolean known) throws Exception {
    assertThat(new KnownHostsLine("", names, STRANGE).isAbout("Builder.example", port))
        .isEqualTo(known);
    Path file = write(names.toLowerCase(Locale.ROOT) + " " + STRANGE);
    String name = port == 22 ? "builder.example" : "[builder.example]:" + port;
    Process find =
        new ProcessBuilder(
                Requires.program("ssh-keygen").toString(), "-F", name, "-f", file.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(find.waitFor() == 0).isEqualTo(known);
  }

  private String connect(String... lines) throws Exception {
    return connect(write(lines));
  }

  private String connect(Path file) throws Exception {
    try (SshMachine machine =
        SshMachine.connect(address(), new HostKeys.KnownHosts(file), KEY, LIMIT)) {
      return machine.hostKeyLine();
    }
  }

  private EnvironmentException refusal(Path file) {
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> connect(file));
    assertThat(failure).isNotNull();
    return failure;
  }

  private Path write(String... lines) throws IOException {
    return Files.write(work.resolve("known_hosts"), List.of(lines));
  }

  private static SshAddress address() {
    return new SshAddress(server.user(), "127.0.0.1", server.port());
  }

  /** Kind and key, without the comment. */
  private static String key(String line) {
    String[] words = line.strip().split(" ", 3);
    return words[0] + " " + words[1];
  }

  private static void run(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add(0, Requires.program(program).toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
  }
}
