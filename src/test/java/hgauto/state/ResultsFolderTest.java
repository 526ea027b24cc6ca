package hgauto.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFolderTest {
  private static final Instant NOW = Instant.parse("2026-01-31T23:59:59.9Z");

  @TempDir private Path parent;

  @Test
  void isNamedAfterItsTimeAndPrivate() throws IOException {
    Path made = ResultsFolder.create(parent, "linux", NOW);
    assertThat(made).isEqualTo(parent.resolve("linux-20260131T235959")).isEmptyDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    assertThat(ResultsFolder.create(parent, "linux", NOW)).hasFileName("linux-20260131T235959-2");
  }

  @Test
  void theNewestFiftyAreKept() throws IOException {
    for (int number = 0; number < 55; number++) {
      Path made =
          ResultsFolder.create(parent, number % 2 == 0 ? "a" : "b", NOW.plusSeconds(number));
      Files.writeString(made.resolve("output.txt"), "");
    }
    assertThat(parent.toFile().list()).hasSize(50);
    assertThat(parent.resolve("a-20260201T000053")).exists();
    assertThat(parent.resolve("a-20260131T235959")).doesNotExist();
  }
}
