package hgauto.process;

/**
 * Does something when this process is ended by Ctrl-C or SIGTERM in the middle of something. The
 * process then ends with 130 or 143, as the JVM does by itself.
 */
public final class OnShutdown {
  private OnShutdown() {}

  /** What is done meanwhile. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T run() throws InterruptedException;
  }

  /**
   * Does the work and returns what it returns.
   *
   * @param action is done, in a thread of its own, if the process is ended before the work is done;
   *     the process waits for it, so it must come to an end
   * @throws InterruptedException also when the process is being ended already; the action is done
   */
  public static <T> T during(Work<T> work, Runnable action) throws InterruptedException {
    Thread hook = new Thread(action, "shutdown");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is being ended already. (No logger in here: it is slow to load, and whatever
      // Main does goes through here.)
      action.run();
      throw new InterruptedException("the process is being ended");
    }
    try {
      return work.run();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is being ended, and the action runs.
      }
    }
  }
}
