package hgauto.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Some tests on one of several machines.
 *
 * @param tests those that it was to run
 * @param output what it printed, closed
 * @param findings what is known of them
 * @param moved whether those that came to no end are for other machines, since this one is lost
 */
record ShardRun(List<String> tests, ShardOutput output, Findings findings, boolean moved) {

  /** run-tests.py's own exit code, or what it would have been for the tests that came to an end. */
  int exitCode() {
    boolean failed = !moved || findings.ends().stream().anyMatch(TestEnd::isFailed);
    return findings.run().map(TestRun::exitCode).orElse(failed ? 1 : 0);
  }

  /** The tests of which no end is known. */
  List<String> unfinished() {
    List<String> unfinished = new ArrayList<>(tests);
    unfinished.removeAll(findings.ends().stream().map(TestEnd::name).collect(Collectors.toSet()));
    return unfinished;
  }

  /** The tests that ought to have come to an end, and have not. */
  List<String> withoutVerdict() {
    boolean whole =
        findings.run().isPresent()
            && output.totals().isPresent(); // with --first it leaves some out
    return whole || moved ? List.of() : unfinished();
  }
}
