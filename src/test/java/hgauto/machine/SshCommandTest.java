package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.testbed.SlowLink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can go wrong with a command once we are logged in. */
@Timeout(60)
class SshCommandTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final SshKey KEY = SshKey.generate();
  private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

  /** Gives up after three to four seconds: on a loaded machine an answer may take one. */
  private static final KeepAlive IMPATIENT =
      new KeepAlive(Duration.ofSeconds(1), 3, Duration.ofSeconds(30));

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private InProcessServer server;
  private SlowLink link;
  private SshMachine machine;

  @BeforeEach
  void connect() throws Exception {
    server = InProcessServer.start(KEY);
    server.with("forever", this::forever);
    server.with("quick", (in, out, err, channel) -> 0);
    link = SlowLink.to(server.port(), Duration.ZERO);
    machine = connect(KeepAlive.USUAL);
  }

  private SshMachine connect(KeepAlive keepAlive) throws InterruptedException {
    return SshMachine.connect(
        new SshAddress("hg", "127.0.0.1", link.port()), server.hostKeys(), KEY, keepAlive, LIMIT);
  }

  private void becomeImpatient() throws InterruptedException {
    machine.close();
    machine = connect(IMPATIENT);
  }

  @AfterEach
  void end() throws IOException {
    machine.close();
    link.close();
    server.close();
  }

  /** Until its channel is closed. */
  private int forever(InputStream in, OutputStream out, OutputStream err, Object channel)
      throws InterruptedException {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
      return 0;
    } finally {
      ended.countDown();
    }
  }

  @Test
  void exitCodesArrive() throws Exception {
    server.with("fail", (in, out, err, channel) -> 255);
    assertThat(run("quick", NOWHERE)).isZero();
    assertThat(run("fail", NOWHERE)).isEqualTo(255);
  }

  @Test
  void outputToOneStreamKeepsItsOrder() throws Exception {
    server.with(
        "talk",
        (in, out, err, channel) -> {
          for (int i = 0; i < 1000; i++) {
            OutputStream stream = i % 2 == 0 ? out : err;
            stream.write((i + "\n").getBytes(StandardCharsets.UTF_8));
            stream.flush();
          }
          return 0;
        });
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    assertThat(machine.run(Command.of("talk"), both, both, LIMIT)).isZero();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      expected.append(i).append('\n');
    }
    assertThat(both.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
  }

  @Test
  void aChannelThatClosesWithoutAnExitCodeIsNoSuccess() {
    server.with(
        "vanish",
        (in, out, err, channel) -> {
          channel.close(false).await(LIMIT);
          return 0;
        });
    MachineLostException lost = lost("vanish", NOWHERE);
    assertThat(lost.why()).isEqualTo("the server closed the channel without an exit code");
    assertThat(machine.isOpen()).isTrue();
  }

  @Test
  void aServerThatRunsNoCommandsSaysSo() {
    server.server().setCommandFactory(null);
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> run("quick", NOWHERE));
    assertThat(failure.what()).contains("refuses to run commands");
  }

  @Test
  void aLinkThatIsCutInTheMiddleOfOutputIsALostMachine() throws Exception {
    server.with(
        "much",
        (in, out, err, channel) -> {
          while (true) {
            out.write("0123456789\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
            out.flush();
          }
        });
    link.cutAfter(1_000_000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MachineLostException lost = lost("much", out);
    assertThat(lost.what()).contains("lost the connection to", "much");
    assertThat(out.size()).isBetween(1, 1_000_000); // a reset discards what was not yet read
    byte[] bytes = out.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      assertThat(bytes[i]).isEqualTo((byte) "0123456789\n".charAt(i % 11));
    }
  }

  @Test
  void aLinkThatIsCutEndsWhatRunsAndWhatIsBegun() throws Exception {
    CompletableFuture<MachineLostException> lost =
        CompletableFuture.supplyAsync(() -> lost("forever", NOWHERE));
    begun.await();
    link.cut();
    assertThat(lost.get().why()).containsAnyOf("cut", "reset");
    assertThat(machine.isOpen()).isFalse();
    assertThat(lost("quick", NOWHERE).what()).contains("lost the connection to");
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aMachineThatFallsSilentIsLost() throws Exception {
    becomeImpatient();
    CompletableFuture<MachineLostException> lost =
        CompletableFuture.supplyAsync(() -> lost("forever", NOWHERE));
    begun.await();
    link.stall();
    assertThat(lost.get(30, TimeUnit.SECONDS).why()).contains("no answer for");
    assertThat(lost("quick", NOWHERE).what()).contains("lost the connection to");
  }

  @Test
  void aMachineWhoseCommandIsSilentIsNotLost() throws Exception {
    becomeImpatient();
    CountDownLatch go = new CountDownLatch(1);
    server.with(
        "slow",
        (in, out, err, channel) -> {
          go.await();
          return 3;
        });
    CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> code("slow"));
    for (int i = 0; i < 60; i++) { // longer than the patience with a silent machine
      assertThat(code).isNotDone();
      assertThat(go.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
    go.countDown();
    assertThat(code.get()).isEqualTo(3);
  }

  @Test
  void aCommandThatDoesNotEndInTimeIsClosed() throws Exception {
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> machine.run(Command.of("forever"), NOWHERE, NOWHERE, Duration.ofSeconds(1)));
    assertThat(failure.what()).isEqualTo("forever on " + machine.address() + " did not end in 1 s");
    assertThat(failure.why()).contains("not waited for");
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(run("quick", NOWHERE)).isZero();
  }

  @Test
  void anInterruptClosesTheCommandFirst() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                run("forever", NOWHERE);
              } catch (InterruptedException e) {
                thrown.set(e);
              }
            });
    thread.start();
    begun.await();
    thread.interrupt();
    thread.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(run("quick", NOWHERE)).isZero();
  }

  @Test
  void aSlowTakerLosesNothingAndHoldsUpNobody() throws Exception {
    becomeImpatient();
    byte[] much = new byte[12 << 20]; // three times what may be on its way
    for (int i = 0; i < much.length; i++) {
      much[i] = (byte) ((i * 31) >> 4);
    }
    server.with(
        "much",
        (in, out, err, channel) -> {
          out.write(much);
          return 4;
        });
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    OutputStream taker =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("byte by byte");
          }

          @Override
          public void write(byte[] bytes, int off, int len) {
            first.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            taken.write(bytes, off, len);
          }
        };
    CompletableFuture<Integer> code =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run("much", taker);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    first.await();
    for (int i = 0; i < 60; i++) { // longer than the patience with a silent machine
      assertThat(run("quick", NOWHERE)).isZero();
      assertThat(go.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
    go.countDown();
    assertThat(code.get()).isEqualTo(4);
    assertThat(taken.toByteArray()).isEqualTo(much);
  }

  @Test
  void aTakerThatFailsEndsTheCommand() throws Exception {
    server.with(
        "talk",
        (in, out, err, channel) -> {
          out.write(new byte[100]);
          out.flush();
          return forever(in, out, err, channel);
        });
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> run("talk", full));
    assertThat(failure.what()).isEqualTo("cannot pass on what talk prints on " + machine.address());
    assertThat(failure.next()).isEqualTo("Make room for it here, or have it print less.");
    assertThat(failure.why()).isEqualTo("No space left on device");
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(run("quick", NOWHERE)).isZero();
  }

  @Test
  void eachChunkIsFlushedOnceWhateverItHolds() throws Exception {
    server.with(
        "lines",
        (in, out, err, channel) -> {
          out.write("short\n".repeat(5000).getBytes(StandardCharsets.UTF_8));
          return 0;
        });
    List<Integer> flushed = new ArrayList<>();
    ByteArrayOutputStream taken =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            flushed.add(size());
          }
        };
    run("lines", taken);
    assertThat(taken.size()).isEqualTo(30_000);
    assertThat(flushed).hasSizeLessThan(20).last().isEqualTo(30_000);
  }

  @Test
  void askGivesTheOutputOrTheEndOfTheErrors() throws Exception {
    server.with(
        "good",
        (in, out, err, channel) -> {
          out.write("größer\n".getBytes(StandardCharsets.UTF_8));
          err.write("never mind\n".getBytes(StandardCharsets.UTF_8));
          return 0;
        });
    server.with(
        "bad",
        (in, out, err, channel) -> {
          for (int i = 0; i < 5000; i++) {
            err.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
          }
          return 2;
        });
    assertThat(machine.ask("cannot x", Command.of("good"), LIMIT)).isEqualTo("größer\n");
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class, () -> machine.ask("cannot x", Command.of("bad"), LIMIT));
    assertThat(failure.what()).isEqualTo("cannot x on " + machine.address());
    assertThat(failure.why()).startsWith("exit code 2:\nline 4990\n").endsWith("\nline 4999");
  }

  @Test
  void anAnswerWithoutEndIsNotKept() throws Exception {
    byte[] most = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    server.with(
        "most",
        (in, out, err, channel) -> {
          out.write(most);
          return 0;
        });
    server.with(
        "endless",
        (in, out, err, channel) -> {
          out.write(most);
          out.write('x');
          out.flush();
          return forever(in, out, err, channel);
        });
    assertThat(machine.ask("cannot x", Command.of("most"), LIMIT)).hasSize(1 << 20);
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> machine.ask("cannot x", Command.of("endless"), LIMIT));
    assertThat(failure.what()).startsWith("cannot pass on what endless prints on ");
    assertThat(failure.why()).isEqualTo("it is more than 1048576 bytes");
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(run("quick", NOWHERE)).isZero();
  }

  private int run(String name, OutputStream out) throws InterruptedException {
    return machine.run(Command.of(name), out, NOWHERE, LIMIT);
  }

  private int code(String name) {
    try {
      return run(name, NOWHERE);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private MachineLostException lost(String name, OutputStream out) {
    MachineLostException lost =
        catchThrowableOfType(MachineLostException.class, () -> run(name, out));
    assertThat(lost).isNotNull();
    return lost;
  }
}
