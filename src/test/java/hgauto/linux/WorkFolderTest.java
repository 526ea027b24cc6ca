package hgauto.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.HgautoException;
import hgauto.error.RemoteWorkException;
import hgauto.machine.InProcessServer;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the hold on {@code /hgwork} where the script there ends without a word. */
@Timeout(60)
class WorkFolderTest {
  private static final SshKey KEY = SshKey.generate();
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final CountDownLatch vanish = new CountDownLatch(1);
  private InProcessServer server;
  private SshMachine machine;
  private WorkFolder folder;

  private record OnlyConnected(SshMachine ssh) implements Worker {
    @Override
    public String name() {
      return "the machine";
    }

    @Override
    public Optional<String> diskSerial() {
      return Optional.empty();
    }

    @Override
    public void succeeded() {}

    @Override
    public void close() {
      ssh.close();
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    server =
        InProcessServer.start(KEY)
            .withAnyOther(
                (in, out, err, channel) -> {
                  out.write("ready\n".getBytes(UTF_8));
                  out.flush();
                  vanish.await();
                  channel.close(false).await(LIMIT);
                  return 0;
                });
    SshAddress address = new SshAddress("hg", "127.0.0.1", server.port());
    machine = SshMachine.connect(address, server.hostKeys(), KEY, LIMIT);
    folder =
        WorkFolder.prepare(
            new OnlyConnected(machine), Filesystem.DEFAULT, PythonVersion.of(PythonVersion.SYSTEM));
    assertThatCode(folder::checkHeld).doesNotThrowAnyException();
  }

  @AfterEach
  void close() throws Exception {
    folder.close();
    machine.close();
    server.close();
  }

  /** Waits until the folder knows that the script is no more. */
  private static void awaitEnd() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("work folder")) {
        thread.join(LIMIT.toMillis());
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  @Test
  void whereOnlyTheScriptsChannelIsClosedItIsNotHeldAnyMore() throws Exception {
    vanish.countDown();
    awaitEnd();
    assertThat(machine.isOpen()).isTrue();
    assertThatThrownBy(folder::checkHeld)
        .isInstanceOf(RemoteWorkException.class)
        .hasMessage("the tests on the machine have no verdict");
  }

  @Test
  void aScriptThatEndsBeforeItIsCleanIsAFailure() {
    vanish.countDown();
    assertThatThrownBy(folder::awaitClean).isInstanceOf(HgautoException.class);
    assertThat(folder.end()).failsWithin(LIMIT);
  }

  @Test
  void anInterruptIsNoErrorOfOurs() {
    folder.close();
    assertThatThrownBy(folder::awaitClean).isInstanceOf(InterruptedException.class);
  }

  @Test
  void whereTheConnectionIsCutThatIsForTheTestsToTell() throws Exception {
    server.close();
    awaitEnd();
    assertThat(machine.isOpen()).isFalse();
    assertThatCode(folder::checkHeld).doesNotThrowAnyException();
  }
}
