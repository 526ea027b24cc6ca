package hgauto.suite;

import hgauto.error.HgautoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of all tests once no machine runs any.
 *
 * @param exitCode see {@link SuiteResult}
 * @param withoutVerdict the names of tests that were to run and came to no end, as far as they are
 *     known
 * @param findings of each machine, each time
 * @param failure what has ended the tests before their end: on the one machine, or on all of them
 */
record SuiteOutcome(
    int exitCode,
    List<String> withoutVerdict,
    List<Findings> findings,
    Optional<HgautoException> failure) {
  /** The exit code where tests have found no machine. */
  private static final int NO_MACHINE = 3;

  /** Run-tests.py came to its end on the one machine. */
  static SuiteOutcome ofOne(TestRun run, List<TestEnd> ends) {
    return new SuiteOutcome(
        run.exitCode(), List.of(), List.of(new Findings(Optional.of(run), ends)), Optional.empty());
  }

  /** It did not. */
  static SuiteOutcome ofOne(HgautoException failure, List<TestEnd> ends) {
    return new SuiteOutcome(
        failure.exitCode(),
        List.of(),
        List.of(new Findings(Optional.empty(), ends)),
        Optional.of(failure));
  }

  /**
   * On several machines.
   *
   * @param waiting the tests for which there was no machine
   */
  static SuiteOutcome ofSeveral(List<ShardRun> runs, List<String> waiting) {
    List<String> withoutVerdict = new ArrayList<>(waiting);
    runs.forEach(run -> withoutVerdict.addAll(run.withoutVerdict()));
    // Where no tests are listed it is run-tests.py that has to say so.
    boolean nothingSaid =
        runs.stream().allMatch(run -> run.tests().isEmpty() && run.findings().run().isEmpty());
    int exitCode = runs.stream().mapToInt(ShardRun::exitCode).max().orElse(0);
    if (!waiting.isEmpty() || nothingSaid) {
      exitCode = Math.max(exitCode, NO_MACHINE);
    } else if (!withoutVerdict.isEmpty()) {
      exitCode = Math.max(exitCode, 1);
    }
    return new SuiteOutcome(
        exitCode, withoutVerdict, runs.stream().map(ShardRun::findings).toList(), Optional.empty());
  }

  /**
   * On several machines, all of which had to be ended.
   *
   * @param listed the tests that were to run
   */
  static SuiteOutcome ofSeveral(HgautoException failure, List<ShardRun> runs, List<String> listed) {
    List<Findings> findings = runs.stream().map(ShardRun::findings).toList();
    Set<String> ended =
        findings.stream()
            .flatMap(some -> some.ends().stream())
            .map(TestEnd::name)
            .collect(Collectors.toSet());
    return new SuiteOutcome(
        failure.exitCode(),
        listed.stream().filter(test -> !ended.contains(test)).toList(),
        findings,
        Optional.of(failure));
  }

  /** What has become of the tests. */
  Verdicts verdicts() {
    Verdicts verdicts = new Verdicts();
    findings.forEach(some -> some.ends().forEach(verdicts::add));
    return verdicts;
  }

  /**
   * How long tests take.
   *
   * @param before what the machines were told
   */
  TestTimes times(TestTimes before) {
    TestTimes known = before;
    for (Findings some : findings) {
      known = some.addTo(known, before);
    }
    return known;
  }

  /** Why the reports of machines are missing. */
  List<HgautoException> notFetched() {
    return findings.stream()
        .flatMap(some -> some.run().stream())
        .flatMap(run -> run.notFetched().stream())
        .toList();
  }
}
