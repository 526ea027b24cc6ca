package hgauto.tryserver;

import java.time.Duration;

/**
 * One test of a run, as run-tests.py reported it with {@code --xunit}.
 *
 * @param name the test's file, such as {@code test-commit.t}
 * @param outcome how it ended
 * @param seconds how long it took, or 0 where it did not run
 * @param output the difference to what was expected for a failure, the reason for a skip, else
 *     empty
 */
public record TestResult(String name, Outcome outcome, double seconds, String output) {
  /** How a test ended. */
  public enum Outcome {
    /** Its output differed, it timed out or it broke. */
    FAILED,
    /** Not run: the machine lacks something, or it was excluded. */
    SKIPPED,
    /** As expected. */
    PASSED
  }

  /** How long it took, to the millisecond. */
  public Duration took() {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
