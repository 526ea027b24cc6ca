package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.testbed.SlowLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong before we are logged in. */
@Timeout(30)
class SshLoginTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final SshKey KEY = SshKey.generate();
  private static final SshKey OTHER = SshKey.generate();

  @Test
  void ourKeyOpensTheServerThatHasTheRightKey() throws Exception {
    try (InProcessServer server = InProcessServer.start(KEY);
        SshMachine machine = SshMachine.connect(at(server.port()), server.hostKeys(), KEY, LIMIT)) {
      assertThat(machine.hostKeyLine()).isEqualTo(server.hostKeyLine());
      assertThat(machine.address()).isEqualTo(at(server.port()));
    }
  }

  @Test
  void ofSeveralPinnedKeysAnyWillDo() throws Exception {
    try (InProcessServer server = InProcessServer.start(KEY);
        SshMachine machine =
            SshMachine.connect(
                at(server.port()),
                new HostKeys.Pinned(
                    List.of(LaunchHostKey.generate().publicLine(), server.hostKeyLine())),
                KEY,
                LIMIT)) {
      assertThat(machine.hostKeyLine()).isEqualTo(server.hostKeyLine());
    }
  }

  @Test
  void noKeyIsNotAnyKey() {
    assertThatThrownBy(() -> new HostKeys.Pinned(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no key is pinned");
  }

  @Test
  void aServerWithAnotherKeyIsSentNothing() throws Exception {
    String expected = LaunchHostKey.generate().publicLine();
    try (InProcessServer server = InProcessServer.start(KEY)) {
      EnvironmentException failure =
          failure(at(server.port()), new HostKeys.Pinned(List.of(expected)), LIMIT);
      assertThat(failure.what()).contains("is not the machine that it should be", "nothing was");
      assertThat(failure.why())
          .matches("it shows ssh-ed25519 SHA256:\\S+ instead of ssh-ed25519 SHA256:\\S+");
      assertThat(server.agreements()).isZero();
      assertThat(server.authentications()).isZero();
    }
  }

  @Test
  void aServerThatDoesNotTakeOurKey() throws Exception {
    try (InProcessServer server = InProcessServer.start(OTHER)) {
      EnvironmentException failure = failure(at(server.port()), server.hostKeys(), LIMIT);
      assertThat(failure.what()).isEqualTo(at(server.port()) + " does not let us in");
      assertThat(failure.next()).contains("~hg/.ssh/authorized_keys", KEY.publicLine());
      assertThat(server.authentications()).isPositive();
    }
  }

  @Test
  void nobodyThere() throws Exception {
    int port;
    try (ServerSocket closed = listener()) {
      port = closed.getLocalPort();
    }
    EnvironmentException failure = failure(at(port), anyKeys(), LIMIT);
    assertThat(failure.what()).isEqualTo("cannot connect to " + at(port));
    assertThat(failure.why()).contains("refused", "nothing listens on port " + port);
  }

  @Test
  void aNameThatNobodyHas() {
    SshAddress address = new SshAddress("hg", "no such name", 22);
    EnvironmentException failure = failure(address, anyKeys(), LIMIT);
    assertThat(failure.what()).isEqualTo("cannot find the machine no such name");
    assertThat(failure.why()).isEqualTo("the name is not known");
  }

  @Test
  void aServerOfAnotherKind() throws Exception {
    try (ServerSocket mail = listener()) {
      CompletableFuture<Void> greeting =
          CompletableFuture.runAsync(() -> answer(mail, "220 mail.example ready\r\n"));
      EnvironmentException failure = failure(at(mail.getLocalPort()), anyKeys(), LIMIT);
      assertThat(failure.what()).contains("does not speak SSH");
      assertThat(failure.why()).isEqualTo("it says: 220 mail.example ready");
      greeting.join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Not allowed at this time", "Exceeded MaxStartups"})
  void aServerThatShutsUsOutForSomeTime(String words) throws Exception {
    try (ServerSocket busy = listener()) {
      CompletableFuture<Void> answer =
          CompletableFuture.runAsync(() -> answer(busy, words + "\r\n"));
      EnvironmentException failure = failure(at(busy.getLocalPort()), anyKeys(), LIMIT);
      assertThat(failure.what())
          .isEqualTo(at(busy.getLocalPort()) + " takes no connection from here now");
      assertThat(failure.why()).isEqualTo("its SSH server says: " + words);
      assertThat(failure.next()).contains("MaxStartups", "PerSourcePenalties");
      answer.join();
    }
  }

  @Test
  void aServerThatSaysNothing() throws Exception {
    try (ServerSocket silent = listener()) {
      EnvironmentException failure =
          failure(at(silent.getLocalPort()), anyKeys(), Duration.ofSeconds(3));
      assertThat(failure.what()).contains("does not speak SSH");
      assertThat(failure.why()).isEqualTo("it says nothing for 3 s");
    }
  }

  @SuppressWarnings("deprecation") // that is the point
  @Test
  void aServerThatKnowsOldCiphersOnly() throws Exception {
    try (InProcessServer server = InProcessServer.of(KEY)) {
      server.server().setCipherFactories(List.of(BuiltinCiphers.tripledescbc));
      server.server().start();
      EnvironmentException failure = failure(at(server.port()), server.hostKeys(), LIMIT);
      assertThat(failure.what()).contains("cannot agree with", "on how to encrypt");
      assertThat(failure.why()).contains("3des-cbc");
    }
  }

  /** In its greeting, its proposal, its key, its answer to our key. */
  @ParameterizedTest
  @ValueSource(longs = {0, 10, 300, 1200, 1700, 2000})
  void aLinkThatIsCutMeanwhile(long bytes) throws Exception {
    try (InProcessServer server = InProcessServer.start(KEY);
        SlowLink link = SlowLink.to(server.port(), Duration.ofMillis(2))) {
      link.cutAfter(bytes);
      EnvironmentException failure = failure(at(link.port()), server.hostKeys(), LIMIT);
      assertThat(failure.what()).contains(at(link.port()).toString());
      assertThat(failure.why()).isNotEmpty();
    }
  }

  @Test
  void aLinkThatFallsSilentMeanwhile() throws Exception {
    try (InProcessServer server = InProcessServer.start(KEY);
        SlowLink link = SlowLink.to(server.port(), Duration.ZERO)) {
      link.stall();
      EnvironmentException failure =
          failure(at(link.port()), server.hostKeys(), Duration.ofSeconds(1));
      assertThat(failure.why()).contains("1 s");
    }
  }

  private static EnvironmentException failure(
      SshAddress address, HostKeys hostKeys, Duration atMost) {
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> SshMachine.connect(address, hostKeys, KEY, atMost).close());
    assertThat(failure).isNotNull();
    return failure;
  }

  private static void answer(ServerSocket listener, String text) {
    try (Socket socket = listener.accept()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerSocket listener() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static HostKeys anyKeys() {
    return new HostKeys.Pinned(List.of(LaunchHostKey.generate().publicLine()));
  }

  private static SshAddress at(int port) {
    return new SshAddress("hg", "127.0.0.1", port);
  }
}
