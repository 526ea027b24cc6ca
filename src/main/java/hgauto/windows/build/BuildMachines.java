package hgauto.windows.build;

/** Where machines come from that build packages. Safe for use by several threads. */
public interface BuildMachines {
  /** The instance type that is wanted, such as {@code t3.medium}. */
  String type();

  /**
   * Gets one.
   *
   * @param number 1 for the first, 2 for the second
   * @return to be closed by the caller
   * @throws hgauto.error.EnvironmentException if there is none to be had
   */
  BuildMachine open(int number) throws InterruptedException;
}
