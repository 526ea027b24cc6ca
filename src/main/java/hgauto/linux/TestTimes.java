package hgauto.linux;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long each test took in its last runs, five at most, in seconds, oldest first; as in the file
 * {@code .testtimes} that run-tests.py keeps.
 */
public record TestTimes(Map<String, List<Double>> seconds) {
  /** None known. */
  public static final TestTimes NONE = new TestTimes(Map.of());

  /** Keeps a sorted copy. */
  public TestTimes {
    seconds = Map.copyOf(new TreeMap<>(seconds));
  }
}
