package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hgauto.suite.Division.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DivisionTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyTestIsInOnePartAndNonePartIsLongerThanTheMeanAndOneTest(long seed) {
    Random random = new Random(seed);
    Map<String, List<Double>> seconds = new HashMap<>();
    List<String> tests = new ArrayList<>();
    int number = 1 + random.nextInt(1000);
    for (int test = 0; test < number; test++) {
      tests.add("test-" + test + ".t");
      if (random.nextInt(10) > 0) {
        seconds.put("test-" + test + ".t", List.of(Math.exp(3 * random.nextGaussian())));
      }
    }
    int machines = 1 + random.nextInt(20);
    TestTimes times = new TestTimes(seconds);
    List<Part> parts = Division.of(tests, machines, times);

    assertThat(parts).hasSize(Math.min(machines, number));
    assertThat(parts.stream().flatMap(part -> part.tests().stream()))
        .containsExactlyInAnyOrderElementsOf(tests);
    double total = parts.stream().mapToDouble(Part::seconds).sum();
    double longest = seconds.values().stream().mapToDouble(times5 -> times5.get(0)).max().orElse(1);
    double mean = total / machines;
    assertThat(parts)
        .allSatisfy(
            part ->
                assertThat(part.seconds())
                    .isLessThanOrEqualTo(mean + longest * (1 - 1.0 / machines) + 1e-6));
  }

  @Test
  void theLongestComeFirstAndGoWhereThereIsLeast() {
    TestTimes times =
        new TestTimes(
            Map.of(
                "test-a.t", List.of(1.0),
                "test-b.t", List.of(7.0),
                "test-c.t", List.of(4.0),
                "test-d.t", List.of(3.0),
                "test-e.t", List.of(2.0)));
    List<Part> parts =
        Division.of(List.of("test-a.t", "test-b.t", "test-c.t", "test-d.t", "test-e.t"), 2, times);
    assertThat(parts)
        .extracting(Part::tests)
        .containsExactlyInAnyOrder(
            List.of("test-b.t", "test-e.t"), List.of("test-c.t", "test-d.t", "test-a.t"));
  }

  @Test
  void thePartThatTakesLongestIsTheFirst() {
    TestTimes times = new TestTimes(Map.of("test-a.t", List.of(1.0), "test-b.t", List.of(7.0)));
    assertThat(Division.of(List.of("test-a.t", "test-b.t"), 2, times))
        .containsExactly(new Part(List.of("test-b.t"), 7.0), new Part(List.of("test-a.t"), 1.0));
  }

  @Test
  void aTestThatIsNotKnownCountsAsTheMedianOfTheOthers() {
    TestTimes times =
        new TestTimes(
            Map.of(
                "test-a.t", List.of(1.0),
                "test-b.t", List.of(2.0),
                "test-c.t", List.of(50.0),
                "test-elsewhere.t", List.of(1000.0)));
    List<Part> parts =
        Division.of(List.of("test-a.t", "test-b.t", "test-c.t", "test-new.t"), 1, times);
    assertThat(parts.get(0).seconds()).isCloseTo(55, within(1e-9));
  }

  @Test
  void ifNothingIsKnownTheyAreDividedByTheirNumber() {
    List<String> tests = IntStream.range(0, 10).mapToObj(test -> "test-" + test + ".t").toList();
    assertThat(Division.of(tests, 4, TestTimes.NONE))
        .extracting(part -> part.tests().size())
        .containsExactly(3, 3, 2, 2);
  }

  @Test
  void noTestsAreNoParts() {
    assertThat(Division.of(List.of(), 4, TestTimes.NONE)).isEmpty();
  }
}
