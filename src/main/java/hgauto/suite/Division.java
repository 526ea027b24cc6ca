package hgauto.suite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Tests divided into parts that take about as long: the longest first, each goes onto the part that
 * has the least by then. So no part takes more than the mean and one test (and none of this kind
 * can be a third worse than the best: R. L. Graham, "Bounds on multiprocessing timing anomalies",
 * 1969).
 *
 * <p>A test of which nothing is known counts as much as the median of the others; when nothing is
 * known at all, each counts the same, so the tests are divided by their number.
 */
final class Division {
  /**
   * Tests for one machine.
   *
   * @param tests longest first
   * @param seconds that they are likely to take, one after another
   */
  record Part(List<String> tests, double seconds) {}

  private static final Comparator<Share> LEAST =
      Comparator.comparingDouble((Share share) -> share.seconds)
          .thenComparingInt(share -> share.tests.size())
          .thenComparingInt(share -> share.place);

  private Division() {}

  /**
   * The parts, the one that takes longest first; none is empty, so there are fewer where there are
   * fewer tests.
   *
   * @param tests different ones
   */
  static List<Part> of(Collection<String> tests, int parts, TestTimes times) {
    PriorityQueue<Share> shares = new PriorityQueue<>(LEAST);
    for (int place = 0; place < Math.min(parts, tests.size()); place++) {
      shares.add(new Share(place));
    }
    weights(tests, times).entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(
            test -> {
              Share least = shares.remove();
              least.tests.add(test.getKey());
              least.seconds += test.getValue();
              shares.add(least);
            });
    return shares.stream()
        .sorted(LEAST.reversed())
        .map(share -> new Part(List.copyOf(share.tests), share.seconds))
        .toList();
  }

  private static Map<String, Double> weights(Collection<String> tests, TestTimes times) {
    List<Double> known = new ArrayList<>();
    for (String test : tests) {
      times.expected(test).ifPresent(known::add);
    }
    double other = TestTimes.median(known).orElse(1);
    Map<String, Double> weights = new LinkedHashMap<>();
    for (String test : tests) {
      weights.put(test, times.expected(test).orElse(other));
    }
    return weights;
  }

  private static final class Share {
    private final int place;
    private final List<String> tests = new ArrayList<>();
    private double seconds;

    Share(int place) {
      this.place = place;
    }
  }
}
