package hgauto.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signatures of real clients, checked by a server that does nothing else. */
class OtherClientsIT {
  private static final String PAYLOAD = "{\"message\": \"é\"}";

  @TempDir private Path folder;
  private Path credentials;
  private AccessKey key;
  private SignatureCheck check;
  private LambdaStub server;

  /** What happens to the body on its way. */
  private boolean flipOneBit;

  @BeforeEach
  void start() {
    credentials = folder.resolve("credentials");
    key = new CredentialsFile(credentials).readOrCreate();
    check = new SignatureCheck(Map.of(key.id(), key.secret()), Clock.systemUTC());
    server = new LambdaStub(this::answer);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(HttpExchange exchange, LambdaStub.Received received) throws IOException {
    byte[] body = received.body().asByteArray();
    if (flipOneBit) {
      body[0] ^= 1;
    }
    try {
      check.precheck(received.request()).verify(body);
      LambdaStub.send(exchange, 200, Map.of(), "[\"accepted\"]");
    } catch (SignatureRefusedException e) {
      LambdaStub.send(
          exchange,
          e.status(),
          Map.of("x-amzn-ErrorType", e.code(), "Content-Type", "application/json"),
          "{\"message\": \"refused\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ci-try-server-upload", "submit:alias"})
  void botocoreIsAdmitted(String function) throws Exception {
    assertThat(botocore(function)).isEqualTo("[\"accepted\"]");
  }

  @Test
  void botocoresRequestWithOneBitChangedIsRefused() throws Exception {
    assertThat(botocore("submit", "flip")).isEqualTo("InvalidSignatureException");
  }

  @Test
  void botocoreWithAnotherKeyIsRefused() throws Exception {
    credentials = folder.resolve("other");
    new CredentialsFile(credentials).readOrCreate();
    assertThat(botocore("submit")).isEqualTo("UnrecognizedClientException");
  }

  @Test
  void curlIsAdmitted() throws Exception {
    assertThat(curl(key.secret())).isEqualTo("[\"accepted\"]");
    LambdaStub.Received received = server.received().getLast();
    assertThat(received.body().asUtf8String()).isEqualTo(PAYLOAD);
  }

  @Test
  void curlsRequestWithOneBitChangedIsRefused() throws Exception {
    flipOneBit = true;
    assertThat(curl(key.secret())).contains("refused");
  }

  @Test
  void curlWithTheWrongSecretIsRefused() throws Exception {
    assertThat(curl(key.secret() + "x")).contains("refused");
  }

  private String curl(String secret) throws Exception {
    return output(
        List.of(
            Requires.program("curl").toString(),
            "--silent",
            "--show-error",
            "--noproxy",
            "*",
            "--max-time",
            "60",
            "--aws-sigv4",
            "aws:amz:us-west-2:lambda",
            "--user",
            key.id() + ":" + secret,
            "--header",
            "Content-Type: application/json",
            "--header",
            "X-Amz-Invocation-Type: RequestResponse",
            "--data-binary",
            PAYLOAD,
            server.uri() + "/2015-03-31/functions/ci-try-server-upload/invocations"));
  }

  private String botocore(String function, String... flip) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Requires.env("HGAUTO_TESTBED_PYTHON"), script(), function, PAYLOAD));
    command.addAll(List.of(flip));
    return output(command);
  }

  private static String script() throws URISyntaxException {
    return Path.of(OtherClientsIT.class.getResource("invoke.py").toURI()).toString();
  }

  /** What a command prints, all of it; errors too, so that an assertion shows them. */
  private String output(List<String> command) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_SHARED_CREDENTIALS_FILE",
                credentials.toString(),
                "AWS_ENDPOINT_URL",
                server.uri().toString(),
                "NO_PROXY",
                "127.0.0.1",
                "LC_ALL",
                "C.UTF-8"));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("%s ended", command.get(0)).isTrue();
      return Files.readString(output, StandardCharsets.UTF_8).strip();
    } finally {
      process.destroyForcibly();
    }
  }
}
