package hgauto.windows;

import hgauto.error.MachineLostException;
import hgauto.machine.SshMachine;

/**
 * The connection to a Windows machine, which may be cut and made again while something runs there.
 */
interface WindowsConnection {
  /** How often that is begun whose connection is cut each time. */
  int ATTEMPTS = 3;

  /** Whoever owns a file writes it, and all may read it. */
  int READABLE = 0644;

  /** What bears being done again. */
  @FunctionalInterface
  interface Deed<T> {
    /** Does it over that connection. */
    T over(SshMachine ssh) throws InterruptedException;
  }

  /** As it is now. */
  SshMachine ssh();

  /**
   * Connects again, unless another thread has.
   *
   * @param cut is thrown where that is not possible
   */
  void reconnect(MachineLostException cut) throws InterruptedException;

  /**
   * Does it; from its beginning, over a new connection, where that is cut meanwhile.
   *
   * @throws MachineLostException if the machine is lost
   */
  default <T> T complete(Deed<T> deed) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return deed.over(ssh());
      } catch (MachineLostException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        reconnect(e);
      }
    }
  }

  /**
   * Sends a file that all may read, even where the connection is cut meanwhile.
   *
   * @throws hgauto.error.EnvironmentException if it cannot be written there
   * @throws MachineLostException if the machine is lost
   */
  default void put(byte[] content, String remote) throws InterruptedException {
    complete(
        ssh -> {
          ssh.put(content, remote, READABLE);
          return null;
        });
  }
}
