package hgauto.machine;

import java.time.Duration;

/** A moment by which several steps must be done. Time of day may jump meanwhile. */
final class Deadline {
  private final Duration limit;
  private final long end;

  private Deadline(Duration limit) {
    this.limit = limit;
    this.end = System.nanoTime() + limit.toNanos();
  }

  /** So long from now. */
  static Deadline in(Duration limit) {
    return new Deadline(limit);
  }

  /** How much time is left; a nanosecond at least, since 0 is "for ever" to some. */
  Duration left() {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }

  /** How much time is left for one of the steps, which may take so long. */
  Duration atMost(Duration step) {
    Duration left = left();
    return left.compareTo(step) < 0 ? left : step;
  }

  /** Whether it is over. */
  boolean over() {
    return System.nanoTime() - end >= 0;
  }

  /** How long it was at first. */
  Duration limit() {
    return limit;
  }
}
