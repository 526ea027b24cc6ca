package hgauto.linux;

/** Where machines come from: EC2, or hosts that are named. */
@FunctionalInterface
public interface Workers {
  /**
   * Gets one; called by several threads at once. Whatever was begun is undone if it fails.
   *
   * @param number counts from 1
   * @return to be closed by the caller
   */
  Worker open(int number) throws InterruptedException;
}
