package hgauto.windows.build;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.release.MercurialVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PackagesForecastTest {
  private static PackageBuild build(int minutes) {
    return new PackageBuild(
        PackageKind.WHEEL,
        MercurialVersion.of("7.2"),
        "pip",
        "3." + minutes,
        Arch.X64,
        "3.9",
        Duration.ofMinutes(minutes));
  }

  private static final List<PackageBuild> BUILDS =
      List.of(build(3), build(10), build(4), build(5), build(2));

  @Test
  void onOneMachineItIsAllOfThemAfterItsStart() {
    PackagesForecast forecast = PackagesForecast.of(BUILDS, 1);
    assertThat(forecast.takes()).isEqualTo(Duration.ofMinutes(29));
    assertThat(forecast.machineTime()).isEqualTo(Duration.ofMinutes(29));
  }

  @Test
  void onTwoTheLongestComesFirst() {
    PackagesForecast forecast = PackagesForecast.of(BUILDS, 2);
    assertThat(forecast.takes()).isEqualTo(Duration.ofMinutes(5 + 12));
    assertThat(forecast.machineTime()).isEqualTo(Duration.ofMinutes(2 * 5 + 24));
  }

  @Test
  void moreMachinesThanPackagesAreOfNoUse() {
    PackagesForecast forecast = PackagesForecast.of(BUILDS, 64);
    assertThat(forecast.machines()).isEqualTo(5);
    assertThat(forecast.takes()).isEqualTo(Duration.ofMinutes(15));
  }

  /** On three it would be 15 minutes, too, but cost as much as 39 of one machine. */
  @Test
  void aMachineMoreIsWorthItWhereAllCostLittleMore() {
    assertThat(PackagesForecast.worthIt(BUILDS).machines()).isEqualTo(2);
    assertThat(PackagesForecast.worthIt(List.of(build(5), build(5))).machines()).isEqualTo(1);
  }

  @Test
  void moreThanAreOfUseAreNotWorthIt() {
    List<PackageBuild> builds = new ArrayList<>(List.of(build(60)));
    builds.addAll(Collections.nCopies(12, build(5)));
    assertThat(PackagesForecast.worthIt(builds).machines()).isEqualTo(2);
  }

  @Test
  void aPersonIsToldTimeAndCost() {
    assertThat(PackagesForecast.of(BUILDS, 2).words("t3.medium", Optional.of(0.06)))
        .isEqualTo(
            "5 packages on 2 machines, t3.medium: about 17 min and $0.03, by guesses of what a"
                + " build takes");
    assertThat(PackagesForecast.of(List.of(build(3)), 1).words("u9.odd", Optional.empty()))
        .isEqualTo(
            "1 package on 1 machine, u9.odd: about 8 min, price not known, by guesses of what a"
                + " build takes");
  }
}
