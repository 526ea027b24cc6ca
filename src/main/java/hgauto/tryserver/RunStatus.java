package hgauto.tryserver;

import java.util.Locale;

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

  /** The status in lower case, as people and JSON read it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether this is the last word on the run. */
  public boolean isFinal() {
    return this != QUEUED && this != RUNNING;
  }
}
