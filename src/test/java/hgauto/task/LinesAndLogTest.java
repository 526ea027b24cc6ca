package hgauto.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinesAndLogTest {
  @TempDir private Path folder;
  private final List<String> told = new ArrayList<>();
  private Path log;

  @BeforeEach
  void makeLog() throws IOException {
    log = Files.createFile(folder.resolve("log"));
  }

  private void take(String... chunks) throws IOException {
    try (LinesAndLog output = new LinesAndLog(told::add, log)) {
      for (String chunk : chunks) {
        output.write(chunk.getBytes(UTF_8));
      }
    }
  }

  @Test
  void tellsWholeLinesWhereverTheChunksEnd() throws IOException {
    take("one\ntw", "o\r\n\nthr", "ee");
    assertThat(told).containsExactly("one", "two", "", "three");
  }

  @Test
  void theLogHasEveryByte() throws IOException {
    take("one\ntw", "o\r\n\u00e9");
    assertThat(log).hasBinaryContent("one\ntwo\r\n\u00e9".getBytes(UTF_8));
  }

  @Test
  void aLineThatDoesNotEndIsToldInParts() throws IOException {
    take("x".repeat(40_000));
    assertThat(told).hasSize(3);
    assertThat(String.join("", told)).isEqualTo("x".repeat(40_000));
  }

  @Test
  void noPartEndsWithinACharacter() throws IOException {
    String line = "x" + "\u20ac".repeat(20_000);
    take(line);
    assertThat(told).hasSizeGreaterThan(1);
    assertThat(String.join("", told)).isEqualTo(line);
  }

  @Test
  void aLineOfOursStandsByItself() throws IOException {
    try (LinesAndLog output = new LinesAndLog(told::add, log)) {
      output.write("half".getBytes(UTF_8));
      output.line("ours");
      assertThat(log).hasContent("half\nours\n");
    }
    assertThat(told).containsExactly("half", "ours");
  }

  @Test
  void onAFullDiskAllIsToldAndThatOnce() throws IOException {
    try (LinesAndLog output = new LinesAndLog(told::add, Path.of("/dev/full"))) {
      output.line("one");
      output.write("two\n".getBytes(UTF_8));
      output.line("three");
    }
    assertThat(told)
        .containsExactly(
            "one", "the log /dev/full ends here: No space left on device", "two", "three");
  }
}
