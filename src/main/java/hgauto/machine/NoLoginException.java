package hgauto.machine;

import hgauto.error.EnvironmentException;

/** A server could not be reached, or did not let us in. */
final class NoLoginException extends Exception {
  private final EnvironmentException failure;
  private final Kind kind;

  private enum Kind {
    PASSING,
    REFUSED,
    LASTING
  }

  private NoLoginException(EnvironmentException failure, Kind kind) {
    super(failure);
    this.failure = failure;
    this.kind = kind;
  }

  /** It may be otherwise in a moment, if the machine is just starting. */
  static NoLoginException now(EnvironmentException failure) {
    return new NoLoginException(failure, Kind.PASSING);
  }

  /** The same, but the server may shut out whoever comes with a key that it refuses too often. */
  static NoLoginException refused(EnvironmentException failure) {
    return new NoLoginException(failure, Kind.REFUSED);
  }

  /** It makes no sense to try again. */
  static NoLoginException ever(EnvironmentException failure) {
    return new NoLoginException(failure, Kind.LASTING);
  }

  /** For people. */
  EnvironmentException failure() {
    return failure;
  }

  /** Whether it may be otherwise in a moment. */
  boolean isPassing() {
    return kind != Kind.LASTING;
  }

  /** Whether the server did not take our key. */
  boolean isRefusal() {
    return kind == Kind.REFUSED;
  }
}
