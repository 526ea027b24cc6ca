package hgauto.process;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must not outlive this process is ended before the process is, by Ctrl-C and SIGTERM too. The
 * process then ends with 130 or 143. Who cannot wait presses Ctrl-C once more: that ends it at
 * once, with 130 and word of what is left.
 */
public final class Interrupt {
  private static final Logger LOG = LoggerFactory.getLogger(Interrupt.class);

  private static final int INTERRUPTED = 130;

  private static final Set<Guarded> OPEN = new LinkedHashSet<>();
  private static boolean installed;
  private static boolean ending;

  private Interrupt() {}

  /** Something that must be ended before the process is. */
  public interface Guarded {
    /**
     * Ends it, whatever the process is doing with it. It is called in a thread of its own, which
     * the process waits for; so it must come to an end. Failures are its own to tell.
     */
    void end();

    /** Tells what is left, at once: the process is ended now, and this may be on its way still. */
    void abandon();
  }

  /**
   * From now on it is ended when the process is.
   *
   * @throws InterruptedException if the process is being ended already; it must not be begun then
   */
  public static void guard(Guarded thing) throws InterruptedException {
    synchronized (OPEN) {
      if (ending) {
        throw new InterruptedException("the process is being ended");
      }
      install();
      OPEN.add(thing);
    }
  }

  /** It is ended, or may stay. */
  public static void release(Guarded thing) {
    synchronized (OPEN) {
      OPEN.remove(thing);
    }
  }

  private static void install() throws InterruptedException {
    if (installed) {
      return;
    }
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(Interrupt::endAll, "interrupt"));
    } catch (IllegalStateException e) {
      throw new InterruptedException("the process is being ended");
    }
    installed = true;
    Sigint.tell(Interrupt::interrupted);
  }

  private static void interrupted() {
    synchronized (OPEN) {
      if (ending) {
        try {
          OPEN.forEach(Interrupt::abandon);
        } finally {
          Runtime.getRuntime().halt(INTERRUPTED);
        }
      }
      ending = true;
    }
  }

  /** The others are to be told of, whatever comes of this. */
  private static void abandon(Guarded thing) {
    try {
      thing.abandon();
    } catch (RuntimeException e) {
      LOG.warn("cannot tell what is left", e);
    }
  }

  private static void endAll() {
    List<Thread> threads = new ArrayList<>();
    synchronized (OPEN) {
      ending = true;
      OPEN.forEach(thing -> threads.add(new Thread(thing::end, "ending")));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        return; // nobody interrupts the threads of a shutdown
      }
    }
  }
}
