package hgauto.testbed;

import hgauto.poll.Poll;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only pauses move on, so that waiting takes no time. Safe for several threads. */
public final class Sleepless extends Clock {
  private static final Instant BEGIN = Instant.parse("2026-11-24T20:00:00Z");

  private Instant now = BEGIN;

  /** Waits by this clock. */
  public Poll poll() {
    return new Poll(this, this::sleep);
  }

  /** How long all pauses were together. */
  public synchronized Duration slept() {
    return Duration.between(BEGIN, now);
  }

  /** Moves it on. */
  public synchronized void sleep(Duration pause) {
    now = now.plus(pause);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("instants have no zone");
  }
}
