package hgauto.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of a process that has been asked to end. */
public final class EndOfProcess {
  private EndOfProcess() {}

  /**
   * Waits until it has ended, and kills it if it has not in time. An interrupt of this thread from
   * before does not cut the wait short, but is still there afterwards.
   *
   * @param atMost how long it has; it is killed then, and at once if this thread is interrupted now
   */
  public static void await(Process process, Duration atMost) {
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
