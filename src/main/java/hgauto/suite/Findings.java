package hgauto.suite;

import java.util.List;
import java.util.Optional;

/**
 * What is known of the tests that were run on a machine at one go.
 *
 * @param run what run-tests.py came to; empty if it came to no end there
 * @param ends the ends of tests, in their order
 */
record Findings(Optional<TestRun> run, List<TestEnd> ends) {
  /** Keeps a copy. */
  Findings {
    ends = List.copyOf(ends);
  }

  /**
   * How long the tests took.
   *
   * @param before what the machine was told
   * @param known what other machines have found out, to which it is added
   */
  TestTimes addTo(TestTimes known, TestTimes before) {
    if (run.isPresent() && run.get().notFetched().isEmpty()) {
      return known.plus(before, run.get().times());
    }
    TestTimes all = known;
    for (TestEnd end : ends) {
      if (end.hasRun()) {
        all = all.plus(end.name(), end.seconds());
      }
    }
    return all;
  }
}
