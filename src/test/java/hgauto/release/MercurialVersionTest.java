package hgauto.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.error.UsageException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MercurialVersionTest {
  @ParameterizedTest
  @CsvSource({
    "6.9, 6, 9",
    "7.2.1, 7, 2",
    "5.10rc0, 5, 10",
    "7.2.post1.dev34+hg.0a1b2c, 7, 2",
    "6.9.5+12.0a1b2c, 6, 9",
  })
  void itsSeriesIsItsFirstTwoNumbers(String text, int major, int minor) {
    MercurialVersion version = MercurialVersion.of(text);
    assertThat(version).isEqualTo(new MercurialVersion(text, major, minor)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "7.",
        "v7.2",
        "7.2 ",
        "7.2/3",
        "../7.2",
        "07.2",
        "7.02",
        "7.2rc",
        "7.2-rc0",
        "tip",
        "7.2+",
        "7.2+Dirty",
        "7.2\n",
        "7.9999999999"
      })
  void whatPipWouldWriteInAnotherWayIsNone(String text) {
    assertThat(MercurialVersion.ifOne(text)).isEmpty();
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> MercurialVersion.of(text))
        .withMessage("'" + text + "' is not a version of Mercurial");
  }

  @ParameterizedTest
  @CsvSource({
    "6.9, 6.9, true",
    "6.9.5, 6.9, true",
    "6.10, 6.9, true",
    "7.0, 6.9, true",
    "6.8, 6.9, false",
    "5.10, 6.9, false",
  })
  void seriesFollowEachOtherByNumber(String later, String earlier, boolean since) {
    assertThat(MercurialVersion.of(later).isOfSeriesSince(MercurialVersion.of(earlier)))
        .isEqualTo(since);
  }

  @Test
  void aCandidateIsOfTheSeriesThatItIsFor() {
    assertThat(MercurialVersion.of("7.2rc0").isOfSeriesSince(MercurialVersion.of("7.2"))).isTrue();
  }

  @Test
  void versionsComeInTheOrderOfPep440() {
    List<MercurialVersion> inOrder =
        Stream.of(
                "0.9",
                "6.10",
                "7.0rc0",
                "7.0",
                "7.0.1",
                "7.2.dev3",
                "7.2rc0.dev1",
                "7.2rc0",
                "7.2rc10",
                "7.2",
                "7.2.post1.dev34",
                "7.2.post1",
                "7.2.1rc0",
                "7.2.1",
                "7.2.10")
            .map(MercurialVersion::of)
            .toList();
    for (int one = 0; one < inOrder.size(); one++) {
      for (int other = 0; other < inOrder.size(); other++) {
        assertThat(inOrder.get(one).isBefore(inOrder.get(other)))
            .describedAs("%s before %s", inOrder.get(one), inOrder.get(other))
            .isEqualTo(one < other);
      }
    }
    assertThat(MercurialVersion.of("7.2").isBefore(MercurialVersion.of("7.2.0+a"))).isFalse();
    assertThat(MercurialVersion.of("7.2.0+a").isBefore(MercurialVersion.of("7.2"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"7.2, false", "7.2.1, false", "7.2.post1, false", "7.2rc0, true", "7.2.dev1, true"})
  void whatIsMadeBeforeAReleaseIsAPreRelease(String text, boolean preRelease) {
    assertThat(MercurialVersion.of(text).isPreRelease()).isEqualTo(preRelease);
  }
}
