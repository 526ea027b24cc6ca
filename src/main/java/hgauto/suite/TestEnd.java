package hgauto.suite;

/**
 * The end of one test.
 *
 * @param name such as {@code test-add.t}
 * @param result {@code ok}, {@code failed}, {@code skipped} or {@code ignored}
 * @param seconds how long it took
 */
public record TestEnd(String name, String result, double seconds) {
  static final String OK = "ok";
  static final String FAILED = "failed";
  static final String SKIPPED = "skipped";

  boolean isFailed() {
    return result.equals(FAILED);
  }

  /** Whether it has run, so that the seconds mean something. */
  boolean hasRun() {
    return result.equals(OK) || isFailed();
  }
}
