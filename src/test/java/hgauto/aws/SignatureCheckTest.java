package hgauto.aws;

import static hgauto.aws.SdkSignature.BODY;
import static hgauto.aws.SdkSignature.INVOCATIONS;
import static hgauto.aws.SdkSignature.KEY;
import static hgauto.aws.SdkSignature.NOW;
import static hgauto.aws.SdkSignature.changed;
import static hgauto.aws.SdkSignature.invocation;
import static hgauto.aws.SdkSignature.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureCheckTest {
  private static final SignedRequest RIGHT = invocation("ci-try-server-upload");
  private final SignatureCheck check =
      new SignatureCheck(Map.of(KEY.id(), KEY.secret()), Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void rightSignatureIsAdmitted() throws SignatureRefusedException {
    SignatureCheck.Claim claim = check.precheck(RIGHT);
    claim.verify(BODY);
    assertThat(claim.accessKey()).isEqualTo(KEY.id());
    assertThat(RIGHT.values("authorization").get(0)).endsWith("Signature=" + claim.signature());
  }

  @ParameterizedTest
  @ValueSource(strings = {"name%3Aalias", "a%20b", "%C3%A9", "a~b-c_d.e", "a%2Bb", "a%2Ab"})
  void encodedFunctionNameIsEncodedOnceMoreForSigning(String function) {
    assertAdmitted(invocation(function));
  }

  @Test
  void wrongSecretIsRefused() {
    AccessKey other = new AccessKey(KEY.id(), KEY.secret().replace('a', 'b'));
    assertRefused(
        sign(INVOCATIONS.formatted("f"), Map.of(), NOW, other, "lambda"),
        "InvalidSignatureException",
        403);
  }

  @Test
  void unsignedIsRefusedBeforeTheBody() {
    assertRefusedBeforeBody(
        changed(RIGHT, h -> h.remove("authorization")), "MissingAuthenticationTokenException", 403);
  }

  @Test
  void unknownAccessKeyIsRefusedBeforeTheBody() {
    AccessKey other = new AccessKey("HGTRYBBBBBBBBBBBBBBB", KEY.secret());
    assertRefusedBeforeBody(
        sign(INVOCATIONS.formatted("f"), Map.of(), NOW, other, "lambda"),
        "UnrecognizedClientException",
        403);
  }

  @Test
  void oneByteOfTheBodyChangedIsRefused() throws SignatureRefusedException {
    byte[] body = BODY.clone();
    body[3] ^= 1;
    for (SignedRequest request : List.of(RIGHT, withoutContentHash())) {
      SignatureCheck.Claim claim = check.precheck(request);
      SignatureRefusedException refusal =
          catchThrowableOfType(SignatureRefusedException.class, () -> claim.verify(body));
      assertThat(refusal.code()).isEqualTo("InvalidSignatureException");
    }
  }

  @Test
  void anHourOldIsRefusedBeforeTheBody() {
    assertRefusedBeforeBody(
        signedAt(NOW.minus(Duration.ofHours(1))), "InvalidSignatureException", 403);
  }

  @Test
  void futureIsRefusedBeforeTheBody() {
    assertRefusedBeforeBody(
        signedAt(NOW.plus(Duration.ofMinutes(15)).plusSeconds(1)),
        "InvalidSignatureException",
        403);
  }

  @Test
  void fifteenMinutesOffIsAdmittedEvenPastMidnight() {
    assertAdmitted(signedAt(NOW.minus(Duration.ofMinutes(15))));
    assertAdmitted(signedAt(NOW.plus(Duration.ofMinutes(15))));
  }

  @Test
  void dayOfScopeThatIsNotTheDatesIsRefused() {
    assertRefusedBeforeBody(
        authorization(text -> text.replace("/20260131/", "/20260201/")),
        "InvalidSignatureException",
        403);
  }

  @Test
  void otherServiceIsRefused() {
    assertRefusedBeforeBody(
        sign(INVOCATIONS.formatted("f"), Map.of(), NOW, KEY, "s3"),
        "InvalidSignatureException",
        403);
  }

  @Test
  void swappedHeaderValuesAreRefused() {
    SignedRequest request = with("X-Amz-One", "1", "X-Amz-Two", "2");
    assertAdmitted(request);
    assertRefused(
        changed(
            request,
            h -> {
              h.put("x-amz-one", List.of("2"));
              h.put("x-amz-two", List.of("1"));
            }),
        "InvalidSignatureException",
        403);
  }

  @Test
  void headerSentTwiceButSignedOnceIsRefused() {
    assertRefused(
        changed(RIGHT, h -> h.put("content-type", List.of("text/json", "text/json"))),
        "InvalidSignatureException",
        403);
  }

  @Test
  void headerSignedTwiceIsAdmitted() {
    assertAdmitted(sign(INVOCATIONS.formatted("f"), Map.of("X-Amz-Meta", List.of("b", "a"))));
  }

  @Test
  void headersAreAdmittedInAnyCase() {
    assertAdmitted(changed(RIGHT, h -> h.put("HOST", h.remove("host"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorization", "x-amz-date"})
  void decisiveHeaderSentTwiceIsRefused(String name) {
    assertRefusedBeforeBody(
        changed(RIGHT, h -> h.put(name, List.of(h.get(name).get(0), h.get(name).get(0)))),
        "IncompleteSignatureException",
        400);
  }

  @Test
  void headerWithInnerSpacesIsAdmittedWithFewer() {
    SignedRequest request = with("X-Amz-Meta", "  a   b  ");
    assertAdmitted(request);
    assertAdmitted(changed(request, h -> h.put("x-amz-meta", List.of("a b"))));
    assertRefused(
        changed(request, h -> h.put("x-amz-meta", List.of("ab"))),
        "InvalidSignatureException",
        403);
  }

  @Test
  void unsignedHeaderMayBeAdded() {
    assertAdmitted(changed(RIGHT, h -> h.put("via", List.of("a proxy"))));
  }

  @Test
  void signedHeaderThatIsMissingIsRefused() {
    assertRefusedBeforeBody(
        changed(RIGHT, h -> h.remove("content-type")), "InvalidSignatureException", 403);
  }

  @Test
  void securityTokenIsAHeaderLikeAnyOther() {
    SignedRequest request = with("X-Amz-Security-Token", "token");
    assertAdmitted(request);
    assertRefused(
        changed(request, h -> h.put("x-amz-security-token", List.of("other"))),
        "InvalidSignatureException",
        403);
  }

  @Test
  void otherOrderOfTheQueryIsAdmitted() {
    SignedRequest request = sign(INVOCATIONS.formatted("f") + "?b=2&a-b=4&a=3&a=1&c", Map.of());
    assertAdmitted(request);
    assertAdmitted(withQuery(request, "a=3&c&a=1&b=2&a-b=4"));
  }

  @Test
  void otherQueryIsRefused() {
    assertRefused(withQuery(RIGHT, "Qualifier=1"), "InvalidSignatureException", 403);
  }

  @Test
  void otherPathOrMethodIsRefused() {
    assertRefused(
        new SignedRequest("POST", RIGHT.path().replace("upload", "other"), "", RIGHT.headers()),
        "InvalidSignatureException",
        403);
    assertRefused(
        new SignedRequest("PUT", RIGHT.path(), "", RIGHT.headers()),
        "InvalidSignatureException",
        403);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void contentHashThatIsNotTheBodysIsRefusedThoughSigned(boolean inPlaceOfTheBodys) {
    SignedRequest request =
        byHand(
            changed(RIGHT, h -> h.put("x-amz-content-sha256", List.of("UNSIGNED-PAYLOAD"))),
            inPlaceOfTheBodys ? "UNSIGNED-PAYLOAD" : SignatureV4.sha256(BODY));
    assertRefused(request, "InvalidSignatureException", 403);
  }

  @Test
  void contentHashIsNotNeeded() {
    assertAdmitted(withoutContentHash());
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "x-amz-date"})
  void signatureThatLeavesOutADecisiveHeaderIsRefused(String name) {
    assertRefusedBeforeBody(
        authorization(
            text -> text.replaceFirst("(?<=[=;])" + name + "[;]?", "").replace(";,", ",")),
        "IncompleteSignatureException",
        400);
  }

  @Test
  void headersNotListedInOrderAreRefused() {
    assertRefusedBeforeBody(
        authorization(text -> text.replace("content-type;host", "host;content-type")),
        "IncompleteSignatureException",
        400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic YTpi",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=HGTRYAAAAAAAAAAAAAAA, SignedHeaders=host, Signature=00",
        "AWS4-ECDSA-P256-SHA256 Credential=a/20260131/r/lambda/aws4_request, SignedHeaders=host,"
            + " Signature=00",
      })
  void malformedAuthorizationIsRefused(String value) {
    assertRefusedBeforeBody(authorization(text -> value), "IncompleteSignatureException", 400);
  }

  @Test
  void signatureInCapitalsIsRefusedSinceItWouldPassForAnother() {
    String signature = RIGHT.values("authorization").get(0).replaceFirst(".*Signature=", "");
    assertRefusedBeforeBody(
        authorization(text -> text.replace(signature, signature.toUpperCase(Locale.ROOT))),
        "IncompleteSignatureException",
        400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2026-01-31T23:50:00Z", "20260131T235000", "20261331T235000Z"})
  void malformedDateIsRefused(String date) {
    assertRefusedBeforeBody(
        changed(RIGHT, h -> h.put("x-amz-date", List.of(date))),
        "IncompleteSignatureException",
        400);
  }

  private static SignedRequest signedAt(Instant when) {
    return sign(INVOCATIONS.formatted("f"), Map.of(), when, KEY, "lambda");
  }

  private static SignedRequest with(String... namesAndValues) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
    }
    return sign(INVOCATIONS.formatted("f"), headers);
  }

  private static SignedRequest withQuery(SignedRequest request, String query) {
    return new SignedRequest(request.method(), request.path(), query, request.headers());
  }

  private static SignedRequest authorization(UnaryOperator<String> change) {
    return changed(
        RIGHT, h -> h.put("authorization", List.of(change.apply(h.get("authorization").get(0)))));
  }

  /** The SDK always sends the hash; that others need not is tried with them, in an IT. */
  private static SignedRequest withoutContentHash() {
    return byHand(changed(RIGHT, h -> h.remove("x-amz-content-sha256")), SignatureV4.sha256(BODY));
  }

  private static SignedRequest byHand(SignedRequest request, String bodyHash) {
    List<String> names =
        request.headers().keySet().stream().filter(name -> !name.equals("authorization")).toList();
    List<String> scope = List.of("20260131", "eu-central-1", "lambda", "aws4_request");
    String signature =
        SignatureV4.of(
            request, names, bodyHash, request.values("x-amz-date").get(0), scope, KEY.secret());
    String authorization =
        "AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s"
            .formatted(KEY.id(), String.join("/", scope), String.join(";", names), signature);
    return changed(request, h -> h.put("authorization", List.of(authorization)));
  }

  private void assertAdmitted(SignedRequest request) {
    assertThatCode(() -> check.precheck(request).verify(BODY)).doesNotThrowAnyException();
  }

  private void assertRefused(SignedRequest request, String code, int status) {
    SignatureRefusedException refusal =
        catchThrowableOfType(
            SignatureRefusedException.class, () -> check.precheck(request).verify(BODY));
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal).message().endsWith(".").doesNotContain(KEY.secret());
  }

  private void assertRefusedBeforeBody(SignedRequest request, String code, int status) {
    SignatureRefusedException refusal =
        catchThrowableOfType(SignatureRefusedException.class, () -> check.precheck(request));
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.status()).isEqualTo(status);
  }
}
