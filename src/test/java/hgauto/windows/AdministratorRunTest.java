package hgauto.windows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import hgauto.machine.StandInMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On an SFTP server with a {@code /C:/} tree; what PowerShell would do there is played. */
class AdministratorRunTest {
  private static final SshKey KEY = SshKey.generate(); // it takes a second
  private static final Duration AT_MOST = Duration.ofMinutes(60);
  private static final WindowsScript SCRIPT =
      new WindowsScript("build.ps1", "Write-Output 'built'\n");

  @TempDir private Path root;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private StandInMachine there;
  private SshMachine ssh;
  private PlayedRun played;

  /** Whether a connection can be made again. */
  private boolean isThere;

  /** How often the connection is cut just before something is done over it. */
  private int cutBeforePut;

  private final WindowsConnection connection =
      new WindowsConnection() {
        @Override
        public <T> T complete(Deed<T> deed) throws InterruptedException {
          return WindowsConnection.super.complete(
              there -> {
                if (cutBeforePut-- > 0) {
                  there.close();
                }
                return deed.over(there);
              });
        }

        @Override
        public SshMachine ssh() {
          return ssh;
        }

        @Override
        public void reconnect(MachineLostException cut) throws InterruptedException {
          if (!isThere) {
            throw cut;
          }
          ssh = open();
        }
      };

  @BeforeEach
  void connect() throws Exception {
    Files.createDirectories(root.resolve("C:/hgdev/runs"));
    played = new PlayedRun(root.resolve("C:"));
    there = StandInMachine.start(root, KEY);
    ssh = open();
  }

  private SshMachine open() throws InterruptedException {
    return SshMachine.connect(there.address(), there.hostKeys(), KEY, Duration.ofSeconds(30));
  }

  @AfterEach
  void close() throws IOException {
    ssh.close();
    there.close();
  }

  private int run(String value, OutputStream to) throws InterruptedException {
    JsonObject values = new JsonObject();
    values.addProperty("version", value);
    return new AdministratorRun(connection, played, played.poll(), "build.ps1 on i-1")
        .run(SCRIPT, values, to, AT_MOST);
  }

  private int run() throws InterruptedException {
    return run("6.9", log);
  }

  private EnvironmentException failure() {
    return catchThrowableOfType(EnvironmentException.class, this::run);
  }

  @Test
  void whatItPrintsIsPassedOnAndItsExitCodeReturned() throws Exception {
    played.prints("account EC2\\Administrator\r\n").prints("one\r\n").prints("two\r\n").exits(7);

    assertThat(run()).isEqualTo(7);

    assertThat(log.toString(UTF_8)).isEqualTo("account EC2\\Administrator\r\none\r\ntwo\r\n");
    assertThat(played.called).containsExactly("start-run.ps1", "at most 3660");
    assertThat(played.file("run.ps1")).startsWith("& {\nWrite-Output 'built'\n\n} '");
  }

  @Test
  void aScriptThatIsTooLargeForSystemsManagerGoesAsAFile() throws Exception {
    played.exits(0);

    assertThat(run("6.9".repeat(20_000), log)).isZero();

    assertThat(played.file("run.ps1"))
        .startsWith("& {\nWrite-Output 'built'\n\n} '")
        .hasSizeGreaterThan(80_000);
    assertThat(played.given).doesNotContain("script");
  }

  @Test
  void whatItPrintsComesWhileItRuns() throws Exception {
    played
        .prints("one\r\n")
        .then(run -> {})
        .then(run -> assertThat(log.toString(UTF_8)).isEqualTo("one\r\n"))
        .exits(0);

    assertThat(run()).isZero();
  }

  @Test
  void nothingOfAMegabyteIsLost() throws Exception {
    String line = "0123456789 ".repeat(100) + "\r\n";
    played.prints(line.repeat(3000)).prints("the end").exits(0);

    assertThat(run()).isZero();

    assertThat(log.toString(UTF_8)).isEqualTo(line.repeat(3000) + "the end");
  }

  @Test
  void whatItPrintsLastIsNotLost() throws Exception {
    played.then(
        run -> {
          Files.writeString(run.resolve("log.txt"), "error: disk full");
          Files.writeString(run.resolve("exit.txt"), "1");
        });

    assertThat(run()).isEqualTo(1);

    assertThat(log.toString(UTF_8)).isEqualTo("error: disk full");
  }

  @Test
  void otherEncodingsBecomeUtf8() throws Exception {
    played.prints("caf\u00e9\r\n".getBytes(Charset.forName("windows-1252"))).exits(0);

    run();

    assertThat(log.toString(UTF_8)).isEqualTo("caf\u00e9\r\n");
  }

  @Test
  void oneThatTakesTooLongIsEnded() {
    played.isQuiet(AT_MOST);

    RemoteWorkException failure = catchThrowableOfType(RemoteWorkException.class, this::run);

    assertThat(failure).hasMessage("build.ps1 on i-1 did not end in 60 min");
    assertThat(played.called).endsWith("end-run.ps1");
  }

  @Test
  void oneThatWasEndedFromOutsideIsNotWaitedFor() {
    played.state = "Ready, last result 267014, 12 MiB free on C:";
    played.prints("one\r\n").isQuiet(AdministratorRun.QUIET);

    EnvironmentException failure = failure();

    assertThat(failure).hasMessage("build.ps1 on i-1 ended without an exit code");
    assertThat(failure.why()).endsWith(played.state);
    assertThat(played.called).endsWith("look-at-run.ps1", "end-run.ps1");
  }

  @Test
  void oneThatEndsJustBeforeItsStateIsAskedHasEndedWell() throws Exception {
    played.state = "Ready, last result 0, 20000 MiB free on C:";
    played.isQuiet(AdministratorRun.QUIET);
    played.whenAsked =
        run -> {
          Files.writeString(run.resolve("log.txt"), "the end");
          Files.writeString(run.resolve("exit.txt"), "0");
        };

    assertThat(run()).isZero();

    assertThat(log.toString(UTF_8)).isEqualTo("the end");
  }

  @Test
  void oneThatIsInterruptedIsEnded() {
    played.then(
        run -> {
          throw new InterruptedException("by a test");
        });

    assertThatThrownBy(this::run).isInstanceOf(InterruptedException.class);

    assertThat(played.called).endsWith("end-run.ps1");
  }

  @Test
  @Timeout(60)
  void whoeverInterruptsItDoesNotWaitForAMachineThatIsSilent() {
    played.endsWhen = new CountDownLatch(1);
    played.then(
        run -> {
          throw new InterruptedException("by a test");
        });

    assertThatThrownBy(this::run).hasMessage("by a test");

    assertThat(played.called).endsWith("end-run.ps1");
  }

  @Test
  void aLargeScriptIsSentAnewWhereTheConnectionIsCut() throws Exception {
    isThere = true;
    cutBeforePut = 2;
    played.exits(0);

    assertThat(run("6.9".repeat(20_000), log)).isZero();

    assertThat(played.file("run.ps1")).hasSizeGreaterThan(80_000);
  }

  @Test
  void whatIsCutEachTimeIsGivenUp() {
    isThere = true;
    cutBeforePut = WindowsConnection.ATTEMPTS;

    assertThatThrownBy(() -> connection.put(new byte[1], "/C:/file"))
        .isInstanceOf(MachineLostException.class);

    assertThat(root.resolve("C:/file")).doesNotExist();
  }

  @Test
  void aLongRunIsLookedAtFourTimesASecond() throws Exception {
    played.isQuiet(Duration.ofSeconds(5));
    for (int look = 0; look < 40; look++) {
      played.then(run -> {});
    }
    played.exits(0);
    Instant begin = played.poll().clock().instant();

    assertThat(run()).isZero();

    assertThat(Duration.between(begin, played.poll().clock().instant()))
        .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(16));
  }

  @Test
  void oneWhoseConnectionIsCutForGoodIsLostAndNobodyIsAskedToEndIt() {
    played.prints("one\r\n").then(run -> {}).then(run -> there.close());

    assertThatThrownBy(this::run)
        .isInstanceOf(MachineLostException.class)
        .hasMessageContaining(there.address().toString());

    assertThat(log.toString(UTF_8)).isEqualTo("one\r\n");
    assertThat(played.called).doesNotContain("end-run.ps1");
  }

  @Test
  void oneWhoseConnectionIsCutGoesOnWhereTheMachineIsStillThere() throws Exception {
    isThere = true;
    played.prints("one\r\n").then(run -> {}).then(run -> ssh.close()).prints("two\r\n").exits(0);

    assertThat(run()).isZero();

    assertThat(log.toString(UTF_8)).isEqualTo("one\r\ntwo\r\n");
    assertThat(played.called).doesNotContain("end-run.ps1");
  }

  @Test
  void oneThatARestartOfTheMachineHasEndedIsLostAtOnce() {
    isThere = true;
    played.state = "Ready, last result 267014, 9000 MiB free on C:";
    played.prints("one\r\n").then(run -> {}).then(run -> ssh.close());

    MachineLostException failure =
        catchThrowableOfType(MachineLostException.class, () -> run("6.9", log));

    assertThat(failure).hasMessage("build.ps1 on i-1 was ended, as by a restart of the machine");
    assertThat(failure.why())
        .isEqualTo("the connection was cut meanwhile, and its scheduled task is: " + played.state);
    assertThat(played.called).endsWith("look-at-run.ps1").containsOnlyOnce("look-at-run.ps1");
    assertThat(log.toString(UTF_8)).isEqualTo("one\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "True"})
  void anExitCodeThatPowerShellHasLostIsNoSuccess(String content) {
    played.then(run -> Files.writeString(run.resolve("exit.txt"), content));

    EnvironmentException failure = failure();

    assertThat(failure).hasMessage("build.ps1 on i-1 ended without an exit code");
    assertThat(failure.why()).isEqualTo("there is \"" + content + "\" where it should be");
  }

  static List<HgautoException> silences() {
    return List.of(
        new EnvironmentException("cannot look", "it is asked too much", ""),
        new MachineLostException("look-at-run.ps1 was lost", "its agent is silent", "", null));
  }

  @ParameterizedTest
  @MethodSource("silences")
  void thatSystemsManagerDoesNotTellDoesNotEndIt(HgautoException silence) throws Exception {
    for (int count = 0; count < 12; count++) {
      played.silence.add(silence);
      played.isQuiet(AdministratorRun.QUIET);
    }
    played.prints("done").exits(0);

    assertThat(run()).isZero();

    assertThat(log.toString(UTF_8)).isEqualTo("done");
    assertThat(played.called).filteredOn("look-at-run.ps1"::equals).hasSize(12);
  }

  @Test
  void asLongAsItPrintsSystemsManagerIsNotAsked() throws Exception {
    for (int count = 0; count < 12; count++) {
      played.prints("one\r\n").isQuiet(AdministratorRun.QUIET.minusSeconds(1));
    }
    played.exits(0);

    assertThat(run()).isZero();

    assertThat(played.called).containsExactly("start-run.ps1", "at most 3660");
  }

  @Test
  void oneThatCannotBeStartedSaysWhy() {
    played.refusal = new EnvironmentException("start-run.ps1 failed on i-1", "exit code 1", "");

    assertThat(failure()).isSameAs(played.refusal);
  }

  @Test
  void aFullDiskHereEndsIt() {
    played.prints("one\r\n");

    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () ->
                run(
                    "6.9",
                    new OutputStream() {
                      @Override
                      public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                      }
                    }));

    assertThat(failure).hasMessage("cannot pass on what build.ps1 on i-1 prints");
    assertThat(failure.why()).contains("No space left on device");
    assertThat(played.called).endsWith("end-run.ps1");
  }

  @Test
  void theWrapperIsThereOnceTheMachineIsPrepared() throws Exception {
    AdministratorRun.prepare(ssh);

    assertThat(root.resolve("C:/hgdev/runs/run-as-administrator.ps1"))
        .hasContent(WindowsScript.named("run-as-administrator.ps1").text());
  }

  @Test
  void eachRunHasAFolderOfItsOwn() throws Exception {
    for (int count = 0; count < 2; count++) {
      played.exits(0);
      assertThat(run()).isZero();
    }
    try (var runs = Files.list(root.resolve("C:/hgdev/runs"))) {
      assertThat(runs).hasSize(2);
    }
  }

  @Test
  void aStateThatSaysItRunsIsBelieved() throws Exception {
    played.isQuiet(AdministratorRun.QUIET).isQuiet(AdministratorRun.QUIET).exits(0);

    assertThat(run()).isZero();

    assertThat(played.called)
        .containsExactly("start-run.ps1", "at most 3660", "look-at-run.ps1", "look-at-run.ps1");
  }
}
