package hgauto.cli;

import hgauto.aws.lease.LaunchTerms;
import hgauto.error.UsageException;
import java.time.Duration;

/** Checks how many machines in EC2 are to run tests, and for how long. */
final class TestInstances {
  /** More would hardly be faster: to prepare a machine takes as long as its tests then. */
  private static final int MOST = 64;

  private TestInstances() {}

  /**
   * Refuses what cannot be.
   *
   * @param count how many
   * @param timeLimit how long the tests may take
   */
  static void check(int count, Duration timeLimit, LaunchTerms terms) {
    if (count < 1 || count > MOST) {
      throw new UsageException(
          "cannot run tests on " + count + " machines", "", "Say --instances 1 to " + MOST + ".");
    }
    if (timeLimit.compareTo(terms.maxLifetime()) >= 0) {
      throw new UsageException(
          "the tests cannot have --time-limit " + timeLimit.toMinutes() + "m",
          "the machines end themselves after " + terms.maxLifetime().toMinutes() + " minutes",
          "Say a longer --max-lifetime, or a shorter --time-limit.");
    }
  }
}
