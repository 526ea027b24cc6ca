package hgauto.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something when this process is ended by Ctrl-C or SIGTERM while this is open. The process
 * then ends with 130 or 143, as the JVM does by itself.
 */
public final class ShutdownHook implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownHook.class);

  private final Thread thread;

  /**
   * @param action runs in a thread of its own; the process waits for it, so it must come to an end
   */
  public ShutdownHook(Runnable action) {
    thread = new Thread(action, "shutdown");
    Runtime.getRuntime().addShutdownHook(thread);
  }

  /** From here on nothing happens when the process is ended. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      LOG.debug("the process is being ended, and the action runs", e);
    }
  }
}
