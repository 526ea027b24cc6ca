package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
  @TempDir private Path folder;
  private Path log;

  @BeforeEach
  void nameTheLog() {
    log = folder.resolve("log.txt");
  }

  @Test
  void aMissingLogIsEmpty() throws IOException {
    assertThat(LogTail.of(log)).isEqualTo(LogTail.EMPTY);
  }

  @Test
  void aShortLogIsWhole() throws IOException {
    Files.writeString(log, "one\ntwo\n");
    assertThat(LogTail.of(log)).isEqualTo(new LogTail("one\ntwo\n", 0));
  }

  @Test
  void aLongLogBeginsWithAWholeLine() throws IOException {
    String line = "0123456789 é\n";
    Files.writeString(log, line.repeat(20_000));
    LogTail tail = LogTail.of(log);
    assertThat(tail.text()).startsWith("0123456789 é\n").endsWith(line);
    assertThat(tail.omitted())
        .isPositive()
        .isEqualTo(Files.size(log) - tail.text().lines().count() * 14);
  }

  @Test
  void oneEndlessLineIsCut() throws IOException {
    Files.writeString(log, "x".repeat(LogTail.LIMIT + 5));
    assertThat(LogTail.of(log)).isEqualTo(new LogTail("x".repeat(LogTail.LIMIT), 5));
  }

  @Test
  void bytesThatAreNoTextAreShownAsSuch() throws IOException {
    Files.write(log, new byte[] {'a', (byte) 0xff, (byte) 0xc3, '\n'});
    assertThat(LogTail.of(log).text()).isEqualTo("a\ufffd\ufffd\n");
  }
}
