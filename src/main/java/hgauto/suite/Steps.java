package hgauto.suite;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** What is done to prepare a machine: tells each step, and how long it took. */
public final class Steps {
  private static final double MILLIS = 1000;

  private final String machine;
  private final Consumer<String> told;
  private long began = System.nanoTime();

  /**
   * The first step begins.
   *
   * @param machine its name, for people
   * @param told is given a sentence for each step
   */
  public Steps(String machine, Consumer<String> told) {
    this.machine = machine;
    this.told = told;
  }

  /** A step is done, and the next one begins. */
  public void done(String what) {
    long now = System.nanoTime();
    double seconds = Duration.ofNanos(now - began).toMillis() / MILLIS;
    told.accept(String.format(Locale.ROOT, "%s: %s (%.1f s)", machine, what, seconds));
    began = now;
  }
}
