package hgauto.aws.ssm;

import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Looks at something again and again. What is done on a machine goes on while AWS is asked too much
 * or cannot be reached, so that a look fails for a while does not matter.
 */
final class PatientLook {
  /** Before each of them the SDK has tried several times, which took seconds. */
  private static final int FAILURES_IN_A_ROW = 10;

  private int failures;

  /**
   * What the look finds; nothing if it has failed in a way that passes.
   *
   * @param saw is given why it has failed
   */
  <T> Optional<T> at(Supplier<Optional<T>> look, Consumer<String> saw) {
    try {
      Optional<T> found = look.get();
      failures = 0;
      return found;
    } catch (EnvironmentException e) {
      failures++;
      if (!AwsCall.isPassing(e) || failures > FAILURES_IN_A_ROW) {
        throw e;
      }
      saw.accept("the last try failed: " + e.why());
      return Optional.empty();
    }
  }
}
