package hgauto.suite;

import java.util.HashMap;
import java.util.Map;

/** What is known of the tests of a run. One that ran several times has failed if it failed once. */
final class Verdicts {
  private final Map<String, TestEnd> ends = new HashMap<>();

  /** Takes note of an end; whether it is the first of this test. */
  boolean add(TestEnd end) {
    TestEnd before = ends.get(end.name());
    if (before == null || end.isFailed()) {
      ends.put(end.name(), end);
    }
    return before == null;
  }

  int total() {
    return ends.size();
  }

  int passed() {
    return (int) ends.values().stream().filter(end -> end.result().equals(TestEnd.OK)).count();
  }

  int failed() {
    return (int) ends.values().stream().filter(TestEnd::isFailed).count();
  }

  /** With those that were ignored. */
  int skipped() {
    return total() - passed() - failed();
  }
}
