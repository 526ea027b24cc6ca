package hgauto.suite;

/** Prepares machines for tests. */
@FunctionalInterface
public interface TestRunners {
  /**
   * Gets a machine and prepares it; called by several threads at once. Whatever was begun is undone
   * if it fails.
   *
   * @param number counts from 1
   * @return to be closed by the caller
   */
  TestRunner open(int number) throws InterruptedException;
}
