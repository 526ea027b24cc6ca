package hgauto.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.machine.LaunchHostKey;
import hgauto.poll.Poll;
import hgauto.testbed.Hurried;
import hgauto.testbed.Sleepless;
import hgauto.testbed.windows.Play;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class Ec2WindowsMachinesTest extends WindowsScene {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** The stand-in plays it by its name. */
  private static final WindowsScript SCRIPT =
      new WindowsScript(
          "say.ps1", WindowsScript.named("prologue.ps1").text() + "# say.ps1: says it\n'it'\n");

  private static JsonObject values() {
    JsonObject values = new JsonObject();
    values.addProperty("what", "caf\u00e9");
    return values;
  }

  private int run(WindowsMachine machine) throws InterruptedException {
    return machine.run(SCRIPT, values(), log, MINUTE);
  }

  @Test
  void aScriptRunsAsAdministrator() throws Exception {
    aws.windows()
        .play(
            "say.ps1",
            run -> {
              run.print(run.value("what"));
              return 7;
            });
    try (WindowsMachine machine = launch()) {
      assertThat(run(machine)).isEqualTo(7);
      assertThat(logged())
          .startsWith("account ")
          .contains("\\Administrator, profile C:\\Users\\Administrator\r\n")
          .endsWith("caf\u00e9\r\n");
    }
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void aShortScriptIsAskedBySystemsManager() throws Exception {
    aws.windows()
        .play(
            "say.ps1",
            run -> {
              run.print(run.value("what"));
              return 0;
            });
    try (WindowsMachine machine = launch()) {
      assertThat(machine.ask(SCRIPT, values(), MINUTE)).isEqualTo("caf\u00e9\r\n");
    }
  }

  @Test
  void aShortScriptThatFailsSaysWhy() throws Exception {
    aws.windows()
        .play(
            "say.ps1",
            run -> {
              throw new IOException("there is nothing to say");
            });
    try (WindowsMachine machine = launch()) {
      EnvironmentException failure =
          catchThrowableOfType(
              EnvironmentException.class, () -> machine.ask(SCRIPT, values(), MINUTE));
      assertThat(failure).hasMessage("say.ps1 failed on " + machine);
      assertThat(failure.why()).isEqualTo("exit code 1:\nthere is nothing to say");
      assertThat(failure.next()).contains("aws ssm get-command-invocation", machine.lease().id());
    }
  }

  @Test
  void itIsThereAgainAfterARestart() throws Exception {
    aws.windows().play("say.ps1", run -> 0);
    try (WindowsMachine machine = launch()) {
      String before = machine.ssh().hostKeyLine();
      machine.restart();
      assertThat(run(machine)).isZero();
      assertThat(machine.ssh().hostKeyLine()).isEqualTo(before);
    }
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void oneThatEc2TakesBackMeanwhileIsLost() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    aws.windows()
        .play(
            "say.ps1",
            run -> {
              running.countDown();
              run.pause(Duration.ofHours(1));
              return 0;
            });
    try (WindowsMachine machine = launch()) {
      Thread ec2 =
          new Thread(
              () -> {
                try {
                  running.await();
                  aws.interrupt(machine.lease().id(), 0);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      ec2.start();
      assertThatThrownBy(() -> run(machine)).isInstanceOf(MachineLostException.class);
      ec2.join();
    }
    assertThat(states()).containsExactly("terminated");
    assertThat(told).anyMatch(line -> line.contains("had ended already: EC2 took it back"));
  }

  /** Runs the script; as soon as it runs there, something happens to the machine. */
  private int run(WindowsMachine machine, Play play, Poll.Sleeper happens) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    aws.windows()
        .play(
            "say.ps1",
            run -> {
              run.print("begun");
              running.countDown();
              return play.run(run);
            });
    Thread other =
        new Thread(
            () -> {
              try {
                running.await();
                happens.sleep(Duration.ZERO);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    other.start();
    try {
      return run(machine);
    } finally {
      other.join();
    }
  }

  private void cutConnections(WindowsMachine machine) {
    aws.machine(machine.lease().id()).run("pkill", "-KILL", "-u", "Administrator", "sshd");
  }

  @Test
  void oneWhoseConnectionIsCutIsConnectedToAgain() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    try (WindowsMachine machine = launch()) {
      Play play =
          run -> {
            cut.await();
            run.print("done");
            return 7;
          };
      int code =
          run(
              machine,
              play,
              pause -> {
                cutConnections(machine);
                cut.countDown();
              });
      assertThat(code).isEqualTo(7);
      assertThat(logged()).endsWith("begun\r\ndone\r\n");
      assertThat(told)
          .containsOnlyOnce("the connection to " + machine + " was cut; connecting again");
    }
  }

  @Test
  void aRestartInTheMiddleOfAScriptIsTold() throws Exception {
    Play forever =
        run -> {
          run.pause(Duration.ofHours(1));
          return 0;
        };
    try (WindowsMachine machine = launch()) {
      MachineLostException failure =
          catchThrowableOfType(
              MachineLostException.class,
              () ->
                  run(
                      machine,
                      forever,
                      pause ->
                          machine.ask(
                              WindowsScript.named("restart.ps1"), new JsonObject(), MINUTE)));
      assertThat(failure)
          .hasMessage("say.ps1 on " + machine + " was ended, as by a restart of the machine");
      assertThat(failure.why()).contains("its scheduled task is: Ready, ");
    }
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void whatIsTooMuchForSystemsManagerIsWholeInTheLog() throws Exception {
    String output = "0123456789".repeat(6000);
    aws.windows()
        .play(
            "say.ps1",
            run -> {
              run.print(output);
              return 0;
            });
    try (WindowsMachine machine = launch()) {
      assertThat(run(machine)).isZero();
      assertThat(logged()).endsWith("\r\n" + output + "\r\n");
      assertThat(machine.ask(SCRIPT, values(), MINUTE)).isEqualTo(output.substring(0, 24_000));
    }
  }

  @Test
  void aFullDiskThereIsTold() throws Exception {
    aws.changeMachines(spec -> spec.roomFor(32));
    aws.windows()
        .play(
            "say.ps1",
            run -> {
              run.print("writing");
              run.drive().write("C:\\hgdev\\runs\\large", new byte[64 << 20]);
              return 0;
            });
    AtomicReference<Duration> hurry = new AtomicReference<>(Duration.ZERO);
    AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    Poll hurrying = // the state of a script is asked after minutes without a word from it
        new Poll(
            () -> Instant.now().plus(ahead.get()),
            pause -> {
              Hurried.sleep(pause);
              ahead.updateAndGet(it -> it.plus(hurry.get()));
            });
    try (WindowsMachine machine = launch(false, hurrying)) {
      hurry.set(Duration.ofSeconds(1));
      EnvironmentException failure =
          catchThrowableOfType(
              EnvironmentException.class,
              () -> machine.run(SCRIPT, values(), log, Duration.ofHours(1)));
      assertThat(failure).hasMessage("say.ps1 on " + machine + " ended without an exit code");
      assertThat(failure.why()).endsWith(", 0 MiB free on C:");
      assertThat(logged()).contains("writing");
    }
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void oneThatSomebodyEndsWhileItIsAskedIsLost() throws Exception {
    try (WindowsMachine machine = launch()) {
      ec2.terminateInstances(r -> r.instanceIds(machine.lease().id()));
      MachineLostException failure =
          catchThrowableOfType(
              MachineLostException.class, () -> machine.ask(SCRIPT, values(), MINUTE));
      assertThat(failure).hasMessage(machine + " ended before say.ps1 had run");
      assertThat(failure.why()).isNotEmpty();
    }
  }

  @Test
  void oneThatIsInterruptedIsEndedThere() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    aws.windows()
        .play(
            "say.ps1",
            run -> {
              try {
                run.pause(Duration.ofHours(1));
              } catch (InterruptedException e) {
                ended.countDown();
                throw e;
              }
              return 0;
            });
    try (WindowsMachine machine = launch()) {
      OutputStream interrupting =
          new OutputStream() {
            @Override
            public void write(int b) {
              Thread.currentThread().interrupt();
            }
          };
      assertThatThrownBy(() -> machine.run(SCRIPT, values(), interrupting, MINUTE))
          .isInstanceOf(InterruptedException.class);
      assertThat(ended.getCount()).isZero();
    }
  }

  @Test
  void oneWhoseAgentDoesNotComeOnlineIsEnded() {
    withoutProfile();
    Poll impatient = new Sleepless().poll();
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> launch(true, impatient));
    assertThat(failure.what())
        .startsWith("timed out waiting for i-")
        .endsWith(" to be online in Systems Manager");
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void oneThatShowsAnotherHostKeyIsRefusedAndEnded() {
    String other = LaunchHostKey.generate().publicLine();
    aws.windows()
        .play(
            "read-host-key.ps1",
            run -> {
              run.print(other);
              return 0;
            });
    EnvironmentException failure = catchThrowableOfType(EnvironmentException.class, () -> launch());
    assertThat(failure.what()).contains("is not the machine that it should be");
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void onRequestAFailureKeepsItAndSaysHowToConnect() throws Exception {
    WindowsMachine machine = launch(true, POLL);
    machine.close();
    assertThat(states()).containsExactly("running");
    assertThat(told).anyMatch(line -> line.contains(" Administrator@"));
  }

  @Test
  void filesGoThereAndBack() throws Exception {
    try (WindowsMachine machine = launch()) {
      machine.ssh().makeFolder("/C:/hgdev/some");
      machine.ssh().put(new byte[] {1}, "/C:/hgdev/some/file", 0644);
      Path there = aws.driveC(machine.lease().id()).path("C:\\hgdev\\some\\file");
      assertThat(Files.readAllBytes(there)).containsExactly(1);
    }
  }
}
