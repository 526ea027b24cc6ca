package hgauto.aws;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What a loopback server cannot bring about. */
class InvocationFailureTest {
  private final InvocationFailure failure = new InvocationFailure("submit", "in us-west-2", false);

  static Stream<IOException> beforeAnythingIsSent() {
    return Stream.of(
        new UnknownHostException("nowhere"),
        new SSLHandshakeException("no such certificate"),
        new SocketTimeoutException());
  }

  @ParameterizedTest
  @MethodSource
  void beforeAnythingIsSent(IOException cause) {
    EnvironmentException told = failure.of(wrapped(cause), false);
    assertThat(told.what()).isEqualTo("cannot invoke the function submit in us-west-2");
    assertThat(told.why()).isNotEmpty().doesNotContain("answer");
    assertThat(told.next()).contains("--server embedded").doesNotContain("may have arrived");
    assertThat(told).hasRootCause(cause);
  }

  @Test
  void timeOutAfterTheReadTimeoutIsOneOfWaiting() {
    assertThat(failure.of(wrapped(new SocketTimeoutException()), true).next())
        .contains("may have arrived");
  }

  private static SdkClientException wrapped(IOException cause) {
    return SdkClientException.create("Unable to execute HTTP request", cause);
  }
}
