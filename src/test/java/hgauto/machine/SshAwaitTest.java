package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.Sleepless;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are just starting. */
@Timeout(60)
class SshAwaitTest {
  private static final SshKey KEY = SshKey.generate();
  private static final String OTHER = SshKey.generate().publicLine();

  private static final SshMachine.Starting STARTING = new SshMachine.Starting("i-1", () -> {});

  @TempDir private Path folder;
  private OpenSshServer server;

  /** Counted down when a try has failed, and the next is to come. */
  private final CountDownLatch failed = new CountDownLatch(2);

  private final Poll poll =
      new Poll(
          Poll.CLOCK,
          pause -> {
            assertThat(pause).isEqualTo(Duration.ofMillis(500));
            failed.countDown();
          });

  @BeforeEach
  void start() throws Exception {
    server = OpenSshServer.start(folder, KEY.publicLine());
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void aServerThatIsNotUpYetIsWaitedFor() throws Exception {
    server.close();
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(this::hello);
    failed.await();
    server.restart();
    assertThat(answer.get()).isEqualTo("hello\n");
  }

  @Test
  void aServerThatDoesNotKnowOurKeyYetIsWaitedFor() throws Exception {
    server.authorize(OTHER);
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(this::hello);
    failed.await();
    server.authorize(KEY.publicLine());
    assertThat(answer.get()).isEqualTo("hello\n");
  }

  @Test
  void aServerWithAnotherHostKeyIsNotTriedAgain() throws Exception {
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> await(LaunchHostKey.generate().publicLine(), Duration.ofSeconds(20)));
    assertThat(failure.what()).contains("is not the machine that it should be");
    assertThat(failed.getCount()).isEqualTo(2);
    assertThat(server.told()).doesNotContain("publickey");
  }

  @Test
  void theLastStateIsTold() throws Exception {
    server.authorize(OTHER);
    // In the time of this clock there are three tries, each of which has seconds of real time left.
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> await(server.hostKeyLine(), new Sleepless().poll(), Duration.ofSeconds(5)));
    assertThat(failure.what()).isEqualTo("timed out waiting for i-1 to accept SSH");
    assertThat(failure.why()).contains("does not let us in: it does not take our key");
  }

  /** OpenSSH 9.8 and later add up 5 s for each, and shut us out if more than 15 s are left. */
  @Test
  void aServerThatRefusesOurKeyIsNotAskedTooOften() throws Exception {
    Sleepless clock = new Sleepless();
    Set<Duration> refused = new LinkedHashSet<>();
    try (InProcessServer strict = InProcessServer.of(KEY)) {
      strict
          .server()
          .setPublickeyAuthenticator(
              (user, key, session) -> {
                refused.add(clock.slept());
                return false;
              });
      strict.server().start();
      SshAddress address = new SshAddress("hg", "127.0.0.1", strict.port());
      assertThatThrownBy(
              () ->
                  SshMachine.await(
                      STARTING,
                      address,
                      strict.hostKeys(),
                      KEY,
                      clock.poll(),
                      Duration.ofSeconds(20)))
          .isInstanceOf(EnvironmentException.class);
    }
    assertThat(refused.stream().map(Duration::toMillis))
        .containsExactly(0L, 500L, 1000L, 6000L, 11_000L, 16_000L);
  }

  private String hello() {
    try (SshMachine machine = await(server.hostKeyLine(), Duration.ofSeconds(30))) {
      return machine.ask("cannot", Command.of("echo", "hello"), Duration.ofSeconds(10));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private SshMachine await(String hostKey, Duration atMost) throws InterruptedException {
    return await(hostKey, poll, atMost);
  }

  private SshMachine await(String hostKey, Poll by, Duration atMost) throws InterruptedException {
    return SshMachine.await(
        STARTING,
        new SshAddress(server.user(), "127.0.0.1", server.port()),
        new HostKeys.Pinned(List.of(hostKey)),
        KEY,
        by,
        atMost);
  }
}
