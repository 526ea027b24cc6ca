package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.Processes;
import hgauto.testbed.Requires;
import hgauto.testbed.SlowLink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on the server that real machines have. */
@Timeout(60)
class SshMachineOnOpenSshTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final SshKey KEY = SshKey.generate();
  private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

  @TempDir private static Path folder;
  private static OpenSshServer server;
  private static SshMachine machine;

  @TempDir private Path work;
  private final String marker = UUID.randomUUID().toString();

  @BeforeAll
  static void connect() throws Exception {
    server = OpenSshServer.start(folder, KEY.publicLine(), "MaxSessions 4");
    machine = connect(server.port());
  }

  @AfterAll
  static void end() {
    machine.close();
    server.close();
  }

  private static SshMachine connect(int port) throws Exception {
    return connect(server, port);
  }

  private static SshMachine connect(OpenSshServer to, int port) throws Exception {
    return SshMachine.connect(
        new SshAddress(to.user(), "127.0.0.1", port),
        new HostKeys.Pinned(List.of(to.hostKeyLine())),
        KEY,
        LIMIT);
  }

  @Test
  void outputAndExitCodeArrive() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = machine.run(bash("echo one; echo two >&2; exit 7"), out, err, LIMIT);
    assertThat(code).isEqualTo(7);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("two\n");
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "KILL, 137", "INT, 130", "SEGV, 139"})
  void aSignalIsAnExitCodeAsShellsHaveIt(String signal, int code) throws Exception {
    assertThat(machine.run(bash("kill -$1 $$", signal), NOWHERE, NOWHERE, LIMIT)).isEqualTo(code);
  }

  @Test
  void aProgramThatIsNotThere() throws Exception {
    assertThat(machine.run(Command.of("hg-" + marker), NOWHERE, NOWHERE, LIMIT)).isEqualTo(127);
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> machine.ask("cannot push", Command.of("hg-" + marker), LIMIT));
    assertThat(failure.why()).startsWith("exit code 127:\n").contains("hg-" + marker);
  }

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    String odd = "it's $HOME `x` \"y\" \\ * é\nnew line ";
    assertThat(machine.ask("cannot", Command.of("printf", "%s|%s", odd, ""), LIMIT))
        .isEqualTo(odd + "|");
  }

  @Test
  void inputIsEmpty() throws Exception {
    assertThat(machine.ask("cannot", Command.of("cat"), LIMIT)).isEmpty();
  }

  /** Each line is written only when the one before it has arrived. */
  @Test
  void bothOutputsArriveWhileTheCommandRunsAndInOrder() throws Exception {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    OutputStream taker =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            both.write(b);
            if (b == '\n') {
              Files.createFile(
                  work.resolve("got" + both.toString(StandardCharsets.UTF_8).lines().count()));
            }
          }
        };
    String script =
        "await() { until [ -e \"$1\" ]; do sleep 0.01; done; }\n"
            + "cd \"$1\"; echo a; await got1; echo b >&2; await got2; echo c; await got3";
    assertThat(machine.run(bash(script, work.toString()), taker, taker, LIMIT)).isZero();
    assertThat(both.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\nc\n");
  }

  @Test
  void twoHundredMegabytesArriveWithoutBeingKept() throws Exception {
    CountingStream out = new CountingStream();
    int code = machine.run(Command.of("head", "-c", "200000000", "/dev/zero"), out, NOWHERE, LIMIT);
    assertThat(code).isZero();
    assertThat(out.bytes).isEqualTo(200_000_000);
  }

  @Test
  void binaryOutputAndLongLinesArriveAsTheyAre() throws Exception {
    Path file = work.resolve("file");
    byte[] random = new byte[1 << 20];
    new java.util.Random(5).nextBytes(random);
    try (OutputStream to = Files.newOutputStream(file)) {
      to.write("x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
      to.write('\n');
      to.write(random);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    machine.run(Command.of("cat", file.toString()), out, NOWHERE, LIMIT);
    assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void moreCommandsAtOnceThanTheServerAllows() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String number = Integer.toString(i);
        answers.add(
            threads.submit(
                () -> machine.ask("cannot", bash("sleep 0.05; echo \"$1\"", number), LIMIT)));
      }
      for (int i = 0; i < 12; i++) {
        assertThat(answers.get(i).get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(i + "\n");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** OpenSSH's own limit is 10; each of these ends when all are there. */
  @Test
  void asManyCommandsAtOnceAsTheServerAllows(@TempDir Path other) throws Exception {
    String script = "touch \"$1/$2\"; until [ $(ls \"$1\" | wc -l) = 12 ]; do sleep 0.1; done";
    ExecutorService threads = Executors.newCachedThreadPool();
    try (OpenSshServer wide = OpenSshServer.start(other, KEY.publicLine(), "MaxSessions 12");
        SshMachine there = connect(wide, wide.port())) {
      List<Future<Integer>> codes = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Command command = bash(script, work.toString(), Integer.toString(i));
        codes.add(threads.submit(() -> there.run(command, NOWHERE, NOWHERE, LIMIT)));
      }
      for (Future<Integer> code : codes) {
        assertThat(code.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void filesAndCommandsShareTheOnlySession(@TempDir Path other) throws Exception {
    Path file = work.resolve("file");
    try (OpenSshServer narrow = OpenSshServer.start(other, KEY.publicLine(), "MaxSessions 1");
        SshMachine there = connect(narrow, narrow.port())) {
      for (int i = 0; i < 3; i++) {
        there.put(new byte[i + 1], file.toString(), 0600);
        assertThat(there.ask("cannot", bash("stat -c %s \"$1\"", file.toString()), LIMIT))
            .isEqualTo(i + 1 + "\n");
      }
    }
  }

  @Test
  void aGuardedCommandIsWholeAndHasItsExitCode() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(machine.run(guarded("echo $(seq 1000); exit 5"), out, NOWHERE, LIMIT)).isEqualTo(5);
    assertThat(out.toString(StandardCharsets.UTF_8)).endsWith(" 1000\n");
  }

  @Test
  void aGuardedCommandEndsWithItsTime() {
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> machine.run(endless(), NOWHERE, NOWHERE, Duration.ofSeconds(2)));
    assertThat(failure.what()).isEqualTo("test on " + machine.address() + " did not end in 2 s");
    assertThat(failure.why()).contains("was told to end it");
    Processes.awaitEnd(marker);
  }

  @Test
  void aGuardedCommandEndsWithTheConnection() throws Exception {
    SshMachine other = connect(server.port());
    CompletableFuture<Throwable> running = CompletableFuture.supplyAsync(() -> endless(other));
    Processes.awaitStart(marker);
    other.close();
    assertThat(running.get()).isInstanceOf(MachineLostException.class);
    Processes.awaitEnd(marker);
  }

  @Test
  void aGuardedCommandEndsWhenTheLinkIsCut() throws Exception {
    try (SlowLink link = SlowLink.to(server.port(), Duration.ZERO);
        SshMachine other = connect(link.port())) {
      CompletableFuture<Throwable> running = CompletableFuture.supplyAsync(() -> endless(other));
      Processes.awaitStart(marker);
      link.cut();
      assertThat(running.get()).isInstanceOf(MachineLostException.class);
      Processes.awaitEnd(marker);
    }
  }

  @Test
  void aGuardedCommandEndsWhenItsThreadIsInterrupted() throws Exception {
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread thread = new Thread(() -> ended.complete(endless(machine)));
    thread.start();
    Processes.awaitStart(marker);
    thread.interrupt();
    assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    Processes.awaitEnd(marker);
  }

  @Test
  void anInterruptWhileACommandIsBegunCostsNoSession(@TempDir Path other) throws Exception {
    try (OpenSshServer narrow = OpenSshServer.start(other, KEY.publicLine(), "MaxSessions 1");
        SlowLink far = SlowLink.to(narrow.port(), Duration.ofMillis(100));
        SshMachine there = connect(narrow, far.port())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> there.run(bash("true"), NOWHERE, NOWHERE, LIMIT))
          .isInstanceOf(InterruptedException.class);
      assertThat(there.run(bash("true"), NOWHERE, NOWHERE, LIMIT)).isZero();
    }
  }

  /** What a test of Mercurial's leaves behind may hold the output open. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCommandEndsAlthoughWhatItLeftBehindDoesNot(boolean isGuarded) throws Exception {
    String script =
        "(exec -a \"$1\" sleep 3600) >/dev/null 2>&1 </dev/null &\n"
            + "until grep -aq \"^$1\" /proc/$!/cmdline; do sleep 0.01; done; echo left";
    Command command = Command.bash("test", script, List.of(marker));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(machine.run(isGuarded ? command.guarded(python()) : command, out, NOWHERE, LIMIT))
        .isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("left\n");
    machine.run(Command.of("pkill", "-f", "^" + marker), NOWHERE, NOWHERE, LIMIT);
    Processes.awaitEnd(marker);
  }

  private Throwable endless(SshMachine on) {
    try {
      on.run(endless(), NOWHERE, NOWHERE, Duration.ofMinutes(5));
      return null;
    } catch (InterruptedException | RuntimeException e) {
      return e;
    }
  }

  /** Its children would outlive it. */
  private Command endless() {
    return guarded("(exec -a \"$1\" sleep 3600) & while true; do sleep 1; done");
  }

  private Command guarded(String script) {
    return bash(script, marker).guarded(python());
  }

  private static String python() {
    return Requires.program("python3").toString();
  }

  private static Command bash(String script, String... arguments) {
    return Command.bash("test", script, List.of(arguments));
  }

  private static final class CountingStream extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] chunk, int off, int len) {
      bytes += len;
    }
  }
}
