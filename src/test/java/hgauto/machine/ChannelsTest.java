package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChannelsTest {
  private final CountDownLatch room = new CountDownLatch(1);
  private final Channels channels = new Channels(room::countDown);

  @Test
  void aServerWithoutASessionForUsIsAskedForSomeTimeOnly() throws Exception {
    Channels.NoneFreeException none =
        channels.with(Duration.ofSeconds(1), () -> "the only one", only -> refusal());
    EnvironmentException failure = none.told("cannot x");
    assertThat(failure.what()).isEqualTo("cannot x");
    assertThat(failure.why())
        .isEqualTo(
            "its SSH server allows no more sessions at once than were in use (1), and none came free"
                + " in 1 s");
    assertThat(failure.next()).contains("MaxSessions in its sshd_config");
    assertThat(room.getCount()).isZero();
  }

  private Channels.NoneFreeException refusal() {
    return catchThrowableOfType(
        Channels.NoneFreeException.class,
        () ->
            channels.with(
                Duration.ofMillis(1200),
                () -> {
                  throw new SshChannelOpenException(
                      0, SshConstants.SSH_OPEN_CONNECT_FAILED, "open failed");
                },
                channel -> null));
  }

  @Test
  void aServerThatDoesNotAnswerIsNotAnInterrupt() {
    SocketTimeoutException late = new SocketTimeoutException("no answer in 30 s");
    assertThatThrownBy(
            () ->
                channels.with(
                    Duration.ofSeconds(1),
                    () -> {
                      throw late;
                    },
                    channel -> null))
        .isSameAs(late);
  }
}
