package hgauto.machine;

import hgauto.error.EnvironmentException;

/** A server could not be reached, or did not let us in. */
final class NoLoginException extends Exception {
  private final EnvironmentException failure;
  private final boolean passing;

  private NoLoginException(EnvironmentException failure, boolean passing) {
    super(failure);
    this.failure = failure;
    this.passing = passing;
  }

  /** It may be otherwise in a moment, if the machine is just starting. */
  static NoLoginException now(EnvironmentException failure) {
    return new NoLoginException(failure, true);
  }

  /** It makes no sense to try again. */
  static NoLoginException ever(EnvironmentException failure) {
    return new NoLoginException(failure, false);
  }

  /** For people. */
  EnvironmentException failure() {
    return failure;
  }

  /** Whether it may be otherwise in a moment. */
  boolean isPassing() {
    return passing;
  }
}
