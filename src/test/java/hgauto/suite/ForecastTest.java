package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.inventory.Prices;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final String TYPE = "c7i.8xlarge";
  private static final Duration SETUP = Duration.ofMinutes(1);
  private static final OptionalInt PROCESSORS = OptionalInt.of(32);

  private final Prices prices = new Prices();

  @Test
  void saysWhatSeveralMachinesTakeAndCost() {
    Forecast forecast = Forecast.of(List.of(), 4, suite(912, 15), PROCESSORS);
    // 228 tests of 15 s, 32 at once: 107 s, and a minute before that; 4 machines at $1.433
    assertThat(forecast.takes()).hasValue(Duration.ofMillis(106_875));
    assertThat(forecast.words(TYPE, prices.perHour(TYPE, 20), false, SETUP))
        .isEqualTo(
            "4 machines, c7i.8xlarge: about 3 min (set-up taken for 1 min) and $0.26, by what 912"
                + " tests took before");
  }

  @Test
  void noRunIsShorterThanItsLongestTest() {
    Map<String, List<Double>> seconds = new HashMap<>(suite(912, 1).seconds());
    seconds.put("test-slow.t", List.of(300.0));
    Forecast forecast = Forecast.of(List.of(), 4, new TestTimes(seconds), PROCESSORS);
    assertThat(forecast.takes()).hasValue(Duration.ofMinutes(5));
  }

  @Test
  void flagsSayHowManyTestsRunAtOnce() {
    for (List<String> flags :
        List.of(List.of("-j2"), List.of("-j", "2"), List.of("--jobs", "2"), List.of("--jobs=2"))) {
      Forecast forecast = Forecast.of(flags, 1, suite(10, 2), PROCESSORS);
      assertThat(forecast.takes()).hasValue(Duration.ofSeconds(10));
    }
  }

  @Test
  void onlyTheTestsThatAreNamedCount() {
    Forecast forecast =
        Forecast.of(List.of("test-1.t", "test-2.t"), 1, suite(912, 90), OptionalInt.of(2));
    assertThat(forecast.words("t3.medium", prices.perHour("t3.medium", 20), false, SETUP))
        .isEqualTo(
            "1 machine, t3.medium: about 3 min (set-up taken for 1 min) and less than $0.01, by"
                + " what 2 tests took before");
  }

  @Test
  void moreMachinesThanTestsAreOfNoUse() {
    TestTimes times = TestTimes.parse("test-a.t 1.0\ntest-b.t#one 1.0\ntest-b.t#two 1.0\n");
    assertThat(Forecast.of(List.of("test-a.t"), 4, times, PROCESSORS).machines()).isEqualTo(1);
    assertThat(Forecast.of(List.of("test-b.t"), 4, times, PROCESSORS).machines()).isEqualTo(2);
    assertThat(Forecast.of(List.of("test-x.py"), 4, times, PROCESSORS).machines()).isEqualTo(1);
    // It may have any number of cases.
    assertThat(Forecast.of(List.of("test-x.t"), 4, times, PROCESSORS).machines()).isEqualTo(4);
    assertThat(Forecast.of(List.of("-v", "dir", "test-a.t"), 4, times, PROCESSORS).machines())
        .isEqualTo(4);
  }

  @Test
  void whatIsNotKnownIsSaid() {
    Forecast forecast = Forecast.of(List.of(), 4, TestTimes.NONE, PROCESSORS);
    assertThat(forecast.words(TYPE, prices.perHour(TYPE, 20), false, SETUP))
        .isEqualTo(
            "4 machines, c7i.8xlarge: $5.74 an hour; how long the tests take is not known yet");
    assertThat(forecast.words("x9.metal", prices.perHour("x9.metal", 20), false, SETUP))
        .isEqualTo(
            "4 machines, x9.metal: price not known; how long the tests take is not known yet");
    assertThat(
            Forecast.of(List.of(), 1, suite(1, 30), PROCESSORS)
                .words("x9.metal", prices.perHour("x9.metal", 20), false, SETUP))
        .isEqualTo(
            "1 machine, x9.metal: about 90 s (set-up taken for 1 min), price not known, by what"
                + " 1 test took before");
  }

  @Test
  void disksCost() {
    Forecast forecast = Forecast.of(List.of(), 1, TestTimes.NONE, PROCESSORS);
    assertThat(forecast.words(TYPE, prices.perHour(TYPE, 730), false, SETUP))
        .contains(": $1.51 an hour"); // 0.08 of it
  }

  @Test
  void spareCapacityCostsThatAtMost() {
    assertThat(
            Forecast.of(List.of(), 4, suite(912, 15), PROCESSORS)
                .words(TYPE, prices.perHour(TYPE, 20), true, SETUP))
        .contains(" and at most $0.26, by");
    assertThat(
            Forecast.of(List.of(), 4, TestTimes.NONE, PROCESSORS)
                .words(TYPE, prices.perHour(TYPE, 20), true, SETUP))
        .contains(": at most $5.74 an hour");
  }

  @Test
  void hostsHaveAForecastAsWell() {
    assertThat(Forecast.of(List.of("-j4"), 2, suite(912, 1), OptionalInt.empty()).wordsForHosts())
        .isEqualTo("2 hosts: about 3 min (set-up taken for 1 min), by what 912 tests took before");
    assertThat(Forecast.of(List.of(), 1, suite(912, 1), OptionalInt.empty()).wordsForHosts())
        .isEqualTo(
            "1 host: about 15 min of tests on each, divided by how many run at once, by what 912"
                + " tests took before");
    assertThat(Forecast.of(List.of(), 2, TestTimes.NONE, OptionalInt.empty()).wordsForHosts())
        .isEqualTo("2 hosts: how long the tests take is not known yet");
  }

  private static TestTimes suite(int tests, double seconds) {
    Map<String, List<Double>> all = new HashMap<>();
    for (int test = 1; test <= tests; test++) {
      all.put("test-" + test + ".t", List.of(seconds));
    }
    return new TestTimes(all);
  }
}
