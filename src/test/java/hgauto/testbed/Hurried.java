package hgauto.testbed;

import java.time.Duration;

/** Pauses in real time that are shorter than for real machines: stand-ins are done sooner. */
public final class Hurried {
  private static final int TIMES = 20;

  private Hurried() {}

  /** Returns after a twentieth of {@code pause}; for a {@link hgauto.poll.Poll}. */
  public static void sleep(Duration pause) throws InterruptedException {
    Thread.sleep(pause.toMillis() / TIMES);
  }
}
