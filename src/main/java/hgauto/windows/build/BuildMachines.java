package hgauto.windows.build;

/** Where machines come from that build packages. Safe for use by several threads. */
@FunctionalInterface
public interface BuildMachines {
  /**
   * Gets one.
   *
   * @param number 1 for the first, 2 for the second
   * @return to be closed by the caller
   * @throws hgauto.error.EnvironmentException if there is none to be had
   */
  BuildMachine open(int number) throws InterruptedException;
}
