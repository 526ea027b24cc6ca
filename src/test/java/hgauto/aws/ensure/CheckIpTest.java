package hgauto.aws.ensure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckIpTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private HttpServer server;
  private URI address;
  private int status = 200;
  private String answer = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.7\n", "203.0.113.7", "2001:db8::7\r\n"})
  void givesTheAddressAsARangeOfOne(String text) throws InterruptedException {
    answer = text;
    assertThat(new CheckIp(address, LONG).ask()).isEqualTo(Cidr.of(text.strip()).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0.0.0.0/0", "<html>\n<b>Sign in</b>", "localhost", "1.2.3.4, 5.6.7.8"})
  void whateverIsNoAddressIsAnErrorThatNamesTheOption(String text) {
    answer = text;
    EnvironmentException failure = failure(new CheckIp(address, LONG));
    assertThat(failure.why())
        .isEqualTo("it answers with \"" + text.lines().findFirst().orElse("") + "\"");
  }

  @Test
  void aRefusalIsAnErrorThatNamesTheOption() {
    answer = "203.0.113.7";
    status = 503;
    assertThat(failure(new CheckIp(address, LONG)).why()).contains("503");
  }

  @Test
  void noServerIsAnErrorThatNamesTheOption() {
    server.stop(0);
    assertThat(failure(new CheckIp(address, LONG)).why()).isNotEmpty();
  }

  @Test
  void aServerThatNeverAnswersIsAnErrorThatNamesTheOption() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI there = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      assertThat(failure(new CheckIp(there, Duration.ofMillis(200))).why())
          .contains("does not answer");
    }
  }

  private static EnvironmentException failure(CheckIp checkIp) {
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> checkIp.ask());
    assertThat(failure.what()).contains("public address");
    assertThat(failure.next()).contains("--ssh-from");
    return failure;
  }
}
