package hgauto.windows;

import hgauto.error.MachineLostException;
import hgauto.machine.SshMachine;

/**
 * The connection to a Windows machine, which may be cut and made again while something runs there.
 */
interface WindowsConnection {
  /** As it is now. */
  SshMachine ssh();

  /**
   * Connects again, unless another thread has.
   *
   * @param cut is thrown where that is not possible
   */
  void reconnect(MachineLostException cut) throws InterruptedException;
}
