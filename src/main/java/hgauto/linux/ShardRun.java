package hgauto.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Some tests on one machine.
 *
 * @param tests those that it was to run
 * @param output what it printed, closed
 * @param run what run-tests.py came to; empty if it came to no end there
 * @param moved whether those that came to no end are for other machines, since this one is lost
 * @param ends the ends of tests, in their order
 */
record ShardRun(
    List<String> tests,
    ShardOutput output,
    Optional<TestRun> run,
    boolean moved,
    List<TestEnd> ends) {

  /** run-tests.py's own exit code, or what it would have been for the tests that came to an end. */
  int exitCode() {
    boolean failed = !moved || ends.stream().anyMatch(TestEnd::isFailed);
    return run.map(TestRun::exitCode).orElse(failed ? 1 : 0);
  }

  /** The tests of which no end is known. */
  List<String> unfinished() {
    List<String> unfinished = new ArrayList<>(tests);
    unfinished.removeAll(ends.stream().map(TestEnd::name).collect(Collectors.toSet()));
    return unfinished;
  }

  /** The tests that ought to have come to an end, and have not. */
  List<String> withoutVerdict() {
    boolean whole =
        run.isPresent() && output.totals().isPresent(); // with --first it leaves some out
    return whole || moved ? List.of() : unfinished();
  }

  /**
   * How long the tests took.
   *
   * @param before what the machine was told
   * @param known what other machines have found out, to which it is added
   */
  TestTimes addTo(TestTimes known, TestTimes before) {
    if (run.isPresent()) {
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
