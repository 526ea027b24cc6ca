package hgauto.poll;

import hgauto.error.EnvironmentException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The one way to wait for something that does not tell us when it has happened. The first probe
 * comes before the first pause.
 */
public final class Poll {
  /** Looks whether it has happened yet. A terminal state should throw at once. */
  @FunctionalInterface
  public interface Probe<T> {
    /** The thing waited for, or empty for "not yet". */
    Optional<T> look() throws InterruptedException;
  }

  /** The same, which also tells what it saw. */
  @FunctionalInterface
  public interface TellingProbe<T> {
    /**
     * The thing waited for, or empty for "not yet".
     *
     * @param saw is given the state of what was looked at, for the message if time runs out
     */
    Optional<T> look(Consumer<String> saw) throws InterruptedException;
  }

  /** Pauses between two looks. */
  @FunctionalInterface
  public interface Sleeper {
    /** Returns after about {@code pause}. */
    void sleep(Duration pause) throws InterruptedException;
  }

  /** Goes on evenly, whatever becomes of the time of day; its instants mean nothing else. */
  public static final InstantSource CLOCK = () -> Instant.EPOCH.plusNanos(System.nanoTime());

  private final InstantSource clock;
  private final Sleeper sleeper;

  /**
   * @param clock tells when the time is up
   * @param sleeper pauses between two looks
   */
  public Poll(InstantSource clock, Sleeper sleeper) {
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /** Waits in real time, whatever becomes of the time of day meanwhile. */
  public static Poll real() {
    return new Poll(CLOCK, pause -> Thread.sleep(pause.toMillis()));
  }

  /** Tells when the time is up, for what a probe does only now and then. */
  public InstantSource clock() {
    return clock;
  }

  /**
   * Waits until the probe returns something.
   *
   * @param what what is waited for, as in "timed out waiting for i-123 to accept SSH"
   * @throws EnvironmentException when it has not come after {@code atMost}
   */
  public <T> T until(String what, Duration every, Duration atMost, Probe<T> probe)
      throws InterruptedException {
    return until(what, every, atMost, saw -> probe.look());
  }

  /** The same, whose message tells the last state seen. */
  public <T> T until(String what, Duration every, Duration atMost, TellingProbe<T> probe)
      throws InterruptedException {
    AtomicReference<String> last = new AtomicReference<>("it has not come");
    Instant end = clock.instant().plus(atMost);
    while (true) {
      Optional<T> found = probe.look(last::set);
      if (found.isPresent()) {
        return found.get();
      }
      if (!clock.instant().plus(every).isBefore(end)) {
        throw new EnvironmentException(
            "timed out waiting for " + what, last + " in " + atMost.toSeconds() + " s", "");
      }
      sleeper.sleep(every);
    }
  }
}
