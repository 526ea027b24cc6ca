package hgauto.tryserver;

/** Where a run stands. */
public enum RunStatus {
  /** Accepted, waiting for its turn. */
  QUEUED,
  /** Under way. */
  RUNNING,
  /** The tests ran, and run-tests.py ended with 0. */
  PASSED,
  /** The tests ran, and run-tests.py ended with another code. */
  FAILED,
  /** There is no verdict: the source did not build, the time limit was reached, or the like. */
  ERROR,
  /** Ended from outside: Ctrl-C, or the server stopped or died. */
  INTERRUPTED;

  /** Whether this is the last word on the run. */
  public boolean isFinal() {
    return this != QUEUED && this != RUNNING;
  }
}
