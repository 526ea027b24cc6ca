package hgauto.aws.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {
  private static final Instant THEN = Instant.parse("2026-11-24T20:00:00Z");

  private final Prices prices = new Prices();

  @ParameterizedTest
  @CsvSource({
    "t3.medium, false, 0.0416",
    "t3.medium, true, 0.06",
    "t3.2xlarge, false, 0.3328",
    "t3.2xlarge, true, 0.48",
    "c5.large, false, 0.085",
    "c5.9xlarge, false, 1.53",
    "c5.9xlarge, true, 3.186",
    "c5d.9xlarge, false, 1.728",
    "c6i.8xlarge, false, 1.36",
    "c7i.large, false, 0.08925",
    "c7i.8xlarge, false, 1.428",
    "c7a.8xlarge, false, 1.64224",
    "c6a.8xlarge, false, 1.224",
    "m6i.8xlarge, false, 1.536",
    "m7i.8xlarge, false, 1.6128",
    "m5.4xlarge, false, 0.768",
    "m6i.large, true, 0.188",
    "r5d.xlarge, false, 0.288",
    "i3.16xlarge, false, 4.992"
  })
  void aRunningInstanceCostsWhatAwsPublishes(String type, boolean windows, double dollars) {
    assertThat(prices.perHour(instance(type, windows, "running", false)).orElseThrow())
        .isCloseTo(dollars, within(1e-9));
  }

  @Test
  void aMachineCostsWithItsAddressAndItsDisks() {
    assertThat(prices.perHour("t3.2xlarge", 73).orElseThrow())
        .isCloseTo(0.3328 + 0.005 + 0.008, within(1e-9));
    assertThat(prices.perHour("x9.large", 73)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x9.large", "c5.metal", "t3.gigantic", "c5", "windows.large", ""})
  void whatIsNotInTheListIsUnknownAndNotForFree(String type) {
    assertThat(prices.perHour(instance(type, false, "running", false))).isEmpty();
    assertThat(prices.perHour(instance(type, true, "running", false))).isEmpty();
  }

  @Test
  void aPublicAddressCosts() {
    assertThat(prices.perHour(instance("t3.medium", false, "running", true)).orElseThrow())
        .isCloseTo(0.0466, within(1e-9));
  }

  @Test
  void windowsCostsMoreThanLinux() {
    assertThat(prices.perHourOfWindows("t3.medium", 0).orElseThrow())
        .isCloseTo(0.0416 + 0.0184 + 0.005, within(1e-9));
    assertThat(prices.perHourOfWindows("m6i.large", 50).orElseThrow())
        .isCloseTo(2 * (0.048 + 0.046) + 0.005 + 50 * 0.08 / 730, within(1e-9));
    assertThat(prices.perHourOfWindows("unknown.type", 50)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stopping", "stopped"})
  void aStoppedInstanceCostsNothingItself(String state) {
    assertThat(prices.perHour(instance("x9.large", true, state, false))).contains(0.0);
  }

  @ParameterizedTest
  @CsvSource({"gp3, 0.8", "gp2, 1.0", "io7, unknown"})
  void aVolumeCostsByItsSize(String type, String dollarsAMonth) {
    Volume volume =
        new Volume(
            "us-west-2",
            "vol-1",
            "vol-1",
            Ownership.LEGACY,
            THEN,
            Optional.empty(),
            false,
            type,
            10);
    assertThat(prices.perHour(volume).map(PricesTest::aMonth).orElse("unknown"))
        .isEqualTo(dollarsAMonth);
  }

  @Test
  void imagesAndSnapshotsCostByTheirSize() {
    Image image =
        new Image(
            "us-west-2",
            "ami-1",
            "hg-windows-dev",
            Ownership.LEGACY,
            "available",
            THEN,
            Optional.empty(),
            List.of("snap-1"),
            32);
    Snapshot snapshot = new Snapshot("us-west-2", "snap-2", "snap-2", Ownership.LEGACY, THEN, 100);
    assertThat(prices.perHour(image).map(PricesTest::aMonth)).contains("1.6");
    assertThat(prices.perHour(snapshot).map(PricesTest::aMonth)).contains("5.0");
  }

  @Test
  void whatIsFreeIsForFree() {
    assertThat(
            prices.perHour(
                new KeyPair(
                    "us-west-2",
                    "key-1",
                    "hg-automation",
                    Ownership.LEGACY,
                    "12:34",
                    Optional.empty())))
        .contains(0.0);
  }

  private static String aMonth(double perHour) {
    return String.valueOf(Math.round(perHour * Prices.HOURS_A_MONTH * 1e6) / 1e6);
  }

  private static Instance instance(
      String type, boolean windows, String state, boolean publicAddress) {
    return new Instance(
        "us-west-2",
        "i-1",
        "hg-temp-windows",
        Ownership.LEGACY,
        state,
        THEN,
        type,
        windows,
        "ami-1",
        List.of("sg-1"),
        Optional.empty(),
        Optional.empty(),
        publicAddress ? Optional.of("203.0.113.7") : Optional.empty());
  }
}
