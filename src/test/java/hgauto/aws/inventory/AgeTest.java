package hgauto.aws.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {
  @ParameterizedTest
  @CsvSource({
    "-5, 0 s",
    "0, 0 s",
    "59, 59 s",
    "60, 1 min",
    "3599, 59 min",
    "3600, 1 h",
    "172799, 47 h",
    "172800, 2 d",
    "8640000, 100 d"
  })
  void isInTheLargestUnitThatTellsEnough(long seconds, String words) {
    assertThat(Age.of(Duration.ofSeconds(seconds))).isEqualTo(words);
  }
}
