package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "-5000, 0.0 s",
    "0, 0.0 s",
    "449, 0.4 s",
    "9999, 9.9 s",
    "14200, 14 s",
    "59999, 59 s",
    "60000, 1 min 0 s",
    "134000, 2 min 14 s",
    "3599999, 59 min 59 s",
    "3780000, 1 h 3 min",
    "90000000, 25 h 0 min",
  })
  void saysHowLong(long millis, String words) {
    assertThat(Words.duration(Duration.ofMillis(millis))).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "-60, just now",
    "59, just now",
    "60, 1 minute ago",
    "3599, 59 minutes ago",
    "3600, 1 hour ago",
    "172799, 47 hours ago",
    "172800, 2 days ago",
  })
  void saysHowLongAgo(long seconds, String words) {
    assertThat(Words.ago(Runs.NOON.minusSeconds(seconds), Runs.NOON)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120 | 3 | 4 | 3 failed, 120 passed, 4 skipped",
        "1 | 0 | 0 | 1 passed",
        "0 | 0 | 0 | no tests"
      })
  void saysHowMany(int passed, int failed, int skipped, String words) {
    assertThat(Words.counts(new Run.Counts(passed, failed, skipped))).isEqualTo(words);
  }

  @Test
  void saysWhenInUtc() {
    assertThat(Words.utc(Runs.NOON)).isEqualTo("24 Nov 2026, 12:00 UTC");
  }

  @ParameterizedTest
  @CsvSource({"1023, 1023 bytes", "204800, 200 KB", "3145728, 3 MB"})
  void saysHowMuch(long bytes, String words) {
    assertThat(Words.size(bytes)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "Ann Author <ann@example.com>, Ann Author",
    "<ann@example.com>, <ann@example.com>",
    "ann, ann",
  })
  void namesAnAuthor(String user, String name) {
    assertThat(Words.name(user)).isEqualTo(name);
  }

  @Test
  void clipsVisiblyAndNeverWithinACharacter() {
    assertThat(Words.clip("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Words.clip("abcdefg", 6)).isEqualTo("abcde…");
    assertThat(Words.clip("abcd👍gh", 6)).isEqualTo("abcd…");
  }
}
