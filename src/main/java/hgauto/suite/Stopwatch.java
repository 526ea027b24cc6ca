package hgauto.suite;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a command takes that runs tests: until the first of them begin, from then until the last
 * end, and in all. Safe for use by several threads.
 */
public final class Stopwatch {
  private final LongSupplier nanos;
  private final long began;
  private Duration firstTests;
  private Duration lastTests;

  /**
   * The command begins.
   *
   * @param nanos such as {@link System#nanoTime}
   */
  public Stopwatch(LongSupplier nanos) {
    this.nanos = nanos;
    this.began = nanos.getAsLong();
  }

  /** A machine begins to run tests. */
  synchronized void testsBegin() {
    firstTests = firstTests == null ? total() : firstTests;
  }

  /** A machine runs no more tests for now, since all of them ended, or it was lost. */
  synchronized void testsEnd() {
    lastTests = total();
  }

  /** Until the first tests began; all the time so far if none have. */
  synchronized Duration setup() {
    return firstTests == null ? total() : firstTests;
  }

  /** From the begin of the first tests to the end of the last. */
  synchronized Duration tests() {
    return lastTests == null ? Duration.ZERO : lastTests.minus(firstTests);
  }

  /** All the time so far. */
  public Duration total() {
    return Duration.ofNanos(nanos.getAsLong() - began);
  }
}
