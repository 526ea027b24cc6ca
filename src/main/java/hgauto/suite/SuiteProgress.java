package hgauto.suite;

import java.util.Optional;

/** How far the tests of several machines have got; a line for each tenth of them. */
final class SuiteProgress {
  private static final int PARTS = 10;

  private final int total;
  private final Verdicts verdicts = new Verdicts();

  /**
   * @param total how many tests there are
   */
  SuiteProgress(int total) {
    this.total = total;
  }

  /** Takes note of a test's end; returns what is to be told of it. */
  Optional<String> add(TestEnd end) {
    int before = verdicts.total();
    verdicts.add(end);
    int now = verdicts.total();
    return now * PARTS / total > before * PARTS / total
        ? Optional.of(now + " of " + total + " tests, " + verdicts.failed() + " failed")
        : Optional.empty();
  }
}
