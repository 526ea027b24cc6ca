package hgauto.tryserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunLogTest {
  @TempDir private Path folder;
  private Path file;
  private RunLog log;

  @BeforeEach
  void setUp() throws IOException {
    file = folder.resolve("log.txt");
    log = new RunLog(file);
  }

  /** A reader in a thread of its own, and what it has read so far. */
  private final class Follower {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CompletableFuture<Void> end;

    Follower(long from) {
      end =
          CompletableFuture.runAsync(
              () -> {
                try {
                  log.follow(from, read);
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
    }

    String text() {
      return read.toString(UTF_8);
    }

    String awaitEnd() throws Exception {
      end.get(30, TimeUnit.SECONDS);
      return text();
    }
  }

  @Test
  void aFollowerSeesEveryLineAsItIsWrittenAndEndsWithTheLog() throws Exception {
    log.append("first\n");
    Follower follower = new Follower(0);
    Awaitility.await().until(() -> follower.text().equals("first\n"));
    assertThat(follower.end).isNotDone();
    log.note("second");
    Awaitility.await().until(() -> follower.text().equals("first\n[hgauto] second\n"));
    log.append("third\n");
    log.close();
    assertThat(follower.awaitEnd()).isEqualTo("first\n[hgauto] second\nthird\n");
  }

  @Test
  void manyFollowersSeeTheSameInOrder() throws Exception {
    Follower early = new Follower(0);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      log.append(i + "\n");
      all.append(i).append('\n');
    }
    Follower late = new Follower(0);
    log.close();
    assertThat(early.awaitEnd()).isEqualTo(all.toString());
    assertThat(late.awaitEnd()).isEqualTo(all.toString());
    assertThat(Files.readString(file)).isEqualTo(all.toString());
  }

  @Test
  void followingCanBeginInTheMiddleAndBeyondTheEnd() throws Exception {
    log.append("0123456789");
    Follower middle = new Follower(7);
    Follower beyond = new Follower(1_000_000);
    Awaitility.await().until(() -> middle.text().equals("789"));
    log.close();
    assertThat(middle.awaitEnd()).isEqualTo("789");
    assertThat(beyond.awaitEnd()).isEmpty();
  }

  @Test
  void whatIsBeyondTheCapIsLeftOutButRead() throws Exception {
    long[] left = {RunLog.MOST_BYTES + 1_000_000};
    log.appendAll(
        new InputStream() {
          @Override
          public int read() {
            throw new UnsupportedOperationException("blocks only");
          }

          @Override
          public int read(byte[] into, int at, int most) {
            if (left[0] <= 0) {
              return -1;
            }
            Arrays.fill(into, at, at + most, (byte) 'x');
            left[0] -= most;
            return most;
          }
        });
    log.note("the end");
    log.close();
    assertThat(left[0]).isLessThanOrEqualTo(0);
    assertThat(Files.size(file)).isBetween(RunLog.MOST_BYTES, RunLog.MOST_BYTES + 200);
    assertThat(LogTail.of(file).text())
        .endsWith(
            "[hgauto] the log is longer than 64 MiB; the rest is left out\n[hgauto] the end\n");
  }

  @Test
  void anInterruptDoesNotCloseIt() throws Exception {
    Thread.currentThread().interrupt();
    log.note("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    log.note("and on");
    log.close();
    assertThat(Files.readString(file)).isEqualTo("[hgauto] interrupted\n[hgauto] and on\n");
  }

  @Test
  void aFollowerOfALogThatSomebodyCutOffEnds() throws Exception {
    log.append("long enough\n");
    Follower follower = new Follower(0);
    Awaitility.await().until(() -> !follower.text().isEmpty());
    Files.newByteChannel(file, StandardOpenOption.WRITE).truncate(0).close();
    log.append("new\n");
    assertThat(follower.awaitEnd()).isEqualTo("long enough\n");
    log.close();
  }
}
