package hgauto.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
          ResultsFolder.create(
              parent, number % 2 == 0 ? "a" : "b", NOW.plus(number, ChronoUnit.DAYS));
      Files.writeString(made.resolve("output.txt"), "");
    }
    assertThat(parent.toFile().list()).hasSize(50);
    assertThat(parent.resolve("a-20260326T235959")).exists();
    assertThat(parent.resolve("a-20260131T235959")).doesNotExist();
  }

  @Test
  void whatMayBeOfARunThatGoesOnIsKeptBesides() throws IOException {
    for (int minute = 0; minute < 55; minute++) {
      ResultsFolder.create(parent, "linux", NOW.plus(minute, ChronoUnit.MINUTES));
    }
    assertThat(parent.toFile().list()).hasSize(55);
    ResultsFolder.create(parent, "linux", NOW.plus(2, ChronoUnit.DAYS));
    assertThat(parent.toFile().list()).hasSize(50);
  }
}
