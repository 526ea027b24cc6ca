package hgauto.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.utils.internal.SystemSettingUtilsTestBackdoor;

class LambdaFunctionTest {
  private static final AccessKey KEY = SdkSignature.KEY;
  private static final byte[] PAYLOAD = "{\"node\": \"é\"}".getBytes(UTF_8);

  @RegisterExtension private final SystemProperties properties = new SystemProperties();
  @TempDir private Path folder;

  private static LambdaFunction at(URI server) {
    return new LambdaFunction(
        Account.withCredentials(KEY), "submit", server, Duration.ofSeconds(20));
  }

  private static EnvironmentException failureAt(URI server) {
    return failureOf(at(server));
  }

  private static EnvironmentException failureOf(LambdaFunction function) {
    return catchThrowableOfType(EnvironmentException.class, () -> function.invoke(PAYLOAD));
  }

  /** The same stub, but found by the configuration rather than named. */
  private EnvironmentException failureOnAws(LambdaStub stub) {
    properties.set("aws.endpointUrlLambda", stub.uri());
    return failureAt(null);
  }

  @Test
  void messagesAndRunComeBackAndTheRunIsWhereTheServerIs() {
    try (LambdaStub stub =
        LambdaStub.answering(
            200,
            Map.of("X-Hgauto-Run", "http://behind.a.proxy/runs/7?token=x"),
            "[\"é\\n\", 1.50, null, {\"a\": [true]}]")) {
      assertThat(at(stub.uri()).invoke(PAYLOAD))
          .isEqualTo(
              new Answer(
                  List.of("é\n", "1.50", "null", "{\"a\":[true]}"),
                  URI.create(stub.uri() + "/runs/7?token=x")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "submit, /2015-03-31/functions/submit/invocations",
    "submit:alias, /2015-03-31/functions/submit%3Aalias/invocations",
    "arn:aws:lambda:us-west-2:123456789012:function:submit,"
        + "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-west-2%3A123456789012%3Afunction%3Asubmit/invocations"
  })
  void invocationIsSignedSynchronousAndWhole(String function, String path) throws Exception {
    try (LambdaStub stub = LambdaStub.answering(200, Map.of(), "[]")) {
      Answer answer =
          new LambdaFunction(Account.withCredentials(KEY), function, stub.uri()).invoke(PAYLOAD);
      assertThat(answer.run()).isNull();
      LambdaStub.Received received = stub.received().remove();
      new SignatureCheck(Map.of(KEY.id(), KEY.secret()), Clock.systemUTC())
          .precheck(received.request())
          .verify(received.body().asByteArray());
      assertThat(received.request().path()).isEqualTo(path);
      assertThat(received.request().values("x-amz-invocation-type"))
          .containsExactly("RequestResponse");
      assertThat(received.body().asByteArray()).isEqualTo(PAYLOAD);
    }
  }

  @Test
  void serverOnThisMachineIsNotReachedThroughAProxy() {
    try (LambdaStub stub = LambdaStub.answering(200, Map.of(), "[]");
        LambdaStub proxy = LambdaStub.answering(502, Map.of(), "")) {
      SystemSettingUtilsTestBackdoor.addEnvironmentVariableOverride(
          "HTTP_PROXY", proxy.uri().toString());
      assertThat(at(stub.uri()).invoke(PAYLOAD).messages()).isEmpty();
      assertThat(proxy.received()).isEmpty();
      properties.set("aws.endpointUrl", "http://lambda.example");
      assertThat(failureAt(null).why()).as("another server is").contains("502");
      assertThat(proxy.received()).hasSize(1);
    } finally {
      SystemSettingUtilsTestBackdoor.clearEnvironmentVariableOverrides();
    }
  }

  @Test
  void functionErrorIsAFailureThoughTheStatusIs200() {
    try (LambdaStub stub =
        LambdaStub.answering(
            200,
            Map.of("X-Amz-Function-Error", "Unhandled", "x-amzn-RequestId", "request-1"),
            "{\"errorMessage\": \"no such node\", \"errorType\": \"KeyError\"}")) {
      EnvironmentException failure = failureOnAws(stub);
      assertThat(failure.why())
          .isEqualTo("the function failed (Unhandled): KeyError: no such node (request request-1)");
      assertThat(stub.received()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "junk",
        "{}",
        "{\"errorMessage\": {}}",
        "{\"errorMessage\": null}"
      })
  void functionErrorOfUnusualFormIsShownAsItIs(String payload) {
    try (LambdaStub stub =
        LambdaStub.answering(200, Map.of("X-Amz-Function-Error", "Unhandled"), payload)) {
      assertThat(failureAt(stub.uri()).why())
          .startsWith("the function failed (Unhandled): " + payload);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "\"text\"", "[1", "[a]", "<html>"})
  void answerThatIsNoListIsAFailure(String payload) {
    try (LambdaStub stub = LambdaStub.answering(200, Map.of(), payload)) {
      assertThat(failureAt(stub.uri()).why())
          .isEqualTo("its answer is not a list of messages: " + payload);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "javascript:alert(1)", "/runs/7", "http://a b"})
  void runThatIsNoWebAddressIsAFailure(String run) {
    try (LambdaStub stub = LambdaStub.answering(200, Map.of("X-Hgauto-Run", run), "[]")) {
      assertThat(failureAt(stub.uri()).why()).contains("X-Hgauto-Run", run);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404, ResourceNotFoundException, --aws-region, --function",
    "403, ExpiredTokenException, aws sso login, AWS_SHARED_CREDENTIALS_FILE",
    "403, AccessDeniedException, lambda:InvokeFunction, AWS_SHARED_CREDENTIALS_FILE",
    "403, UnrecognizedClientException, aws configure, AWS_SHARED_CREDENTIALS_FILE",
    "403, InvalidSignatureException, clock, AWS_SHARED_CREDENTIALS_FILE",
    "403, MissingAuthenticationTokenException, aws configure, AWS_SHARED_CREDENTIALS_FILE",
    "413, RequestTooLargeException, --server embedded, fewer changesets",
    "413, UnknownCode, --server embedded, fewer changesets",
    "429, TooManyRequestsException, Try again, Try again",
    "400, ThrottlingException, Try again, Try again",
    "400, InvalidRequestContentException, It was not taken, It was not taken",
    "500, ServiceException, may have arrived, may have arrived",
    "503, ServiceUnavailableException, may have arrived, may have arrived",
  })
  void refusalNamesTheWayOutAndIsNotSentAgain(
      int status, String code, String onAws, String onServer) {
    properties.set("aws.maxAttempts", 5);
    try (LambdaStub stub = LambdaStub.refusing(status, code)) {
      for (EnvironmentException failure : List.of(failureAt(stub.uri()), failureOnAws(stub))) {
        assertThat(failure.what()).contains("submit", stub.uri().toString());
        assertThat(failure.why())
            .contains(code, "so it is", "HTTP status " + status, "request request-1");
        assertThat(failure).hasCauseInstanceOf(LambdaException.class);
        assertThat(failure.exitCode()).isEqualTo(3);
      }
      assertThat(failureAt(stub.uri()).next()).contains(onServer);
      assertThat(failureOnAws(stub).next()).contains(onAws);
      assertThat(stub.received()).as("each invocation was sent once").hasSize(4);
    }
  }

  @Test
  void refusalWithoutACodeIsToldByItsStatus() {
    try (LambdaStub stub = LambdaStub.answering(403, Map.of(), "<html>go away</html>")) {
      EnvironmentException failure = failureAt(stub.uri());
      assertThat(failure.why()).contains("HTTP status 403").doesNotContain("null");
      assertThat(failure.next()).contains("AWS_SHARED_CREDENTIALS_FILE");
    }
  }

  @Test
  void payloadOverLambdasLimitIsNotSent() {
    // Nothing can get out, should it be sent after all.
    properties.set("https.proxyHost", "127.0.0.1");
    properties.set("https.proxyPort", 1);
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class, () -> at(null).invoke(new byte[6_291_457]));
    assertThat(failure.why()).contains("6,291,457", "6,291,456");
    assertThat(failure.next()).contains("fewer changesets", "--server embedded");
    assertThat(failureOf(at(null)).why()).as("a small one is sent").contains("no connection");
  }

  @Test
  void payloadOverLambdasLimitIsSentElsewhere() {
    try (LambdaStub stub = LambdaStub.answering(200, Map.of(), "[]")) {
      properties.set("aws.endpointUrl", stub.uri());
      at(stub.uri()).invoke(new byte[7_000_000]);
      at(null).invoke(new byte[7_000_000]);
      assertThat(stub.received())
          .allMatch(it -> it.body().asByteArrayUnsafe().length == 7_000_000)
          .hasSize(2);
    }
  }

  @Test
  void profilesEndpointIsUsed() throws IOException {
    try (LambdaStub stub = LambdaStub.answering(200, Map.of(), "[]")) {
      Path config =
          Files.writeString(
              folder.resolve("config"),
              """
              [default]
              region = eu-central-1
              endpoint_url = %s
              aws_access_key_id = %s
              aws_secret_access_key = %s
              """
                  .formatted(stub.uri(), KEY.id(), KEY.secret()));
      properties.set("aws.configFile", config);
      new LambdaFunction(new Account(null, Map.of()), "submit", null).invoke(PAYLOAD);
      assertThat(stub.received().remove().request().values("authorization").get(0))
          .contains(KEY.id(), "eu-central-1");
    }
  }

  @Test
  void brokenConfigurationIsAFailureBeforeAnythingIsSent() throws IOException {
    try (LambdaStub stub = LambdaStub.answering(200, Map.of(), "[]")) {
      properties.set("aws.configFile", Files.writeString(folder.resolve("config"), "junk"));
      assertThat(failureAt(stub.uri()).next()).contains("~/.aws/config");
      assertThat(stub.received()).isEmpty();
    }
  }

  @Test
  void missingProfileDoesNotTouchAServerWithItsOwnCredentials() {
    try (LambdaStub stub = LambdaStub.answering(200, Map.of(), "[]")) {
      properties.set("aws.profile", "missing");
      assertThat(at(stub.uri()).invoke(PAYLOAD).messages()).isEmpty();
    }
  }

  @Test
  void malformedAddressOrRegionIsAFailure() {
    assertThat(failureAt(URI.create("localhost")).next()).contains("http://");
    properties.set("aws.endpointUrl", "junk");
    assertThat(failureAt(null).next()).contains("aws configure");
    properties.set("aws.endpointUrl", "");
    properties.set("aws.accessKeyId", KEY.id());
    properties.set("aws.secretAccessKey", KEY.secret());
    assertThat(
            failureOf(
                    new LambdaFunction(
                        new Account(new RegionChoice("no such/region", ""), Map.of()), "f", null))
                .next())
        .contains("region");
  }

  @Test
  void missingCredentialsAreAFailureBeforeAnythingIsSent() {
    try (LambdaStub stub = LambdaStub.answering(200, Map.of(), "[]")) {
      Account nobody = new Account(null, Map.of());
      EnvironmentException toAws = failureOf(new LambdaFunction(nobody, "submit", null));
      assertThat(toAws.what()).isEqualTo("there are no AWS credentials");
      assertThat(toAws.next()).contains("aws configure", "--server embedded");
      EnvironmentException toServer = failureOf(new LambdaFunction(nobody, "submit", stub.uri()));
      assertThat(toServer.why()).isEqualTo("there are no credentials to sign with");
      assertThat(toServer.next()).contains("AWS_SHARED_CREDENTIALS_FILE");
      assertThat(stub.received()).isEmpty();
    }
  }

  @Test
  void refusedConnectionIsAFailure() {
    LambdaStub stub = LambdaStub.answering(200, Map.of(), "[]");
    stub.close();
    EnvironmentException failure = failureAt(stub.uri());
    assertThat(failure.why()).isEqualTo("no connection: Connection refused");
    assertThat(failure.next()).contains("server runs");
  }

  @Test
  void answerThatDoesNotComeInTimeIsAFailureAndNotAskedForAgain() {
    CountDownLatch over = new CountDownLatch(1);
    try (LambdaStub stub =
        new LambdaStub(
            (exchange, request) -> {
              try {
                over.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            })) {
      EnvironmentException failure =
          failureOf(
              new LambdaFunction(
                  Account.withCredentials(KEY), "submit", stub.uri(), Duration.ofSeconds(2)));
      assertThat(failure.why()).isEqualTo("it was sent, but no answer came in time");
      assertThat(failure.next()).contains("may have arrived");
      assertThat(stub.received()).hasSize(1);
      over.countDown();
    }
  }

  /** The JDK's client sends a POST again when its connection closes, unless the SDK streams it. */
  @Test
  void connectionThatBreaksIsAFailureAndNotTriedAgain() {
    try (LambdaStub stub = new LambdaStub((exchange, request) -> exchange.close())) {
      EnvironmentException failure = failureAt(stub.uri());
      assertThat(failure.why()).startsWith("the connection broke before the answer came");
      assertThat(failure.next()).contains("may have arrived");
      assertThat(stub.received()).hasSize(1);
    }
  }
}
