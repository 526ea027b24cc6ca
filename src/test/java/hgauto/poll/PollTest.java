package hgauto.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.EnvironmentException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PollTest {
  private final List<Duration> pauses = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private final Poll poll =
      new Poll(
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
              throw new UnsupportedOperationException();
            }
          },
          pause -> {
            pauses.add(pause);
            now = now.plus(pause);
          });

  @Test
  void looksBeforeTheFirstPause() throws InterruptedException {
    String found =
        poll.until("it", Duration.ofSeconds(1), Duration.ofSeconds(5), () -> Optional.of("here"));
    assertThat(found).isEqualTo("here");
    assertThat(pauses).isEmpty();
  }

  @Test
  void pausesBetweenLooks() throws InterruptedException {
    int[] looks = {0};
    poll.until(
        "it",
        Duration.ofSeconds(2),
        Duration.ofSeconds(60),
        () -> ++looks[0] == 3 ? Optional.of("here") : Optional.empty());
    assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2));
  }

  @Test
  void endsWithAnErrorThatNamesWhatWasWaitedFor() {
    assertThatThrownBy(
            () ->
                poll.until(
                    "i-123 to accept SSH",
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Optional::empty))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage("timed out waiting for i-123 to accept SSH");
    assertThat(pauses).hasSize(2);
  }

  @Test
  void aProbeThatThrowsEndsTheWaitAtOnce() {
    assertThatThrownBy(
            () ->
                poll.until(
                    "it",
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    () -> {
                      throw new IllegalStateException("terminated");
                    }))
        .hasMessage("terminated");
    assertThat(pauses).isEmpty();
  }
}
