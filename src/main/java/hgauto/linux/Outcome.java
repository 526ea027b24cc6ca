package hgauto.linux;

import java.util.concurrent.ExecutionException;

/** The outcome of what another thread has done. */
final class Outcome {
  private Outcome() {}

  /** Throws what it threw there. */
  static RuntimeException failure(ExecutionException e) throws InterruptedException {
    if (e.getCause() instanceof RuntimeException failure) {
      throw failure;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    if (e.getCause() instanceof InterruptedException interrupt) {
      throw interrupt;
    }
    throw new IllegalStateException(e.getCause());
  }
}
