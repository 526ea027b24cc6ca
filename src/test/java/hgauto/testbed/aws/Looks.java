package hgauto.testbed.aws;

import java.util.HashMap;
import java.util.Map;

/** How many more looks things take until they are as they will be. */
final class Looks {
  private final Map<String, Integer> left = new HashMap<>();

  synchronized void set(String what, int looks) {
    left.put(what, looks);
  }

  /** Whether this look comes too early; it is counted. */
  synchronized boolean tooEarly(String what) {
    int now = left.getOrDefault(what, 0);
    if (now == 0) {
      return false;
    }
    left.put(what, now - 1);
    return true;
  }
}
