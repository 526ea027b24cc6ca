package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  @Test
  void theyAreCutOutOfWhateverChunksComeAndLongOnesShortened() {
    List<String> told = new ArrayList<>();
    try (Lines lines = new Lines(told::add)) {
      for (String chunk : List.of("a", "b\nü", "\n\n" + "x".repeat(1 << 20), "\nlast")) {
        byte[] bytes = chunk.getBytes(StandardCharsets.UTF_8);
        lines.write(bytes, 0, bytes.length);
      }
    }
    assertThat(told).hasSize(5).startsWith("ab", "ü", "").endsWith("last");
    assertThat(told.get(3)).hasSize(16 << 10);
  }
}
