package hgauto.machine;

import hgauto.poll.Poll;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A moment by which several steps must be done. Time of day may jump meanwhile. */
final class Deadline {
  private static final Duration SHORTEST = Duration.ofNanos(1);

  private final Duration limit;
  private final InstantSource clock;
  private final Instant end;

  private Deadline(Duration limit, InstantSource clock) {
    this.limit = limit;
    this.clock = clock;
    this.end = clock.instant().plus(limit);
  }

  /** So long from now. */
  static Deadline in(Duration limit) {
    return in(limit, Poll.CLOCK);
  }

  /** The same, for what goes by a clock of its own. */
  static Deadline in(Duration limit, InstantSource clock) {
    return new Deadline(limit, clock);
  }

  /** How much time is left; a nanosecond at least, since 0 is "for ever" to some. */
  Duration left() {
    Duration left = Duration.between(clock.instant(), end);
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }

  /** How much time is left for one of the steps, which may take so long. */
  Duration atMost(Duration step) {
    Duration left = left();
    return left.compareTo(step) < 0 ? left : step;
  }

  /** Whether it is over. */
  boolean over() {
    return !clock.instant().isBefore(end);
  }

  /** How long it was at first. */
  Duration limit() {
    return limit;
  }
}
