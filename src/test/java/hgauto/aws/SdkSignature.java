package hgauto.aws;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/** Requests signed by the SDK's own signer. */
final class SdkSignature {
  static final AccessKey KEY =
      new AccessKey("HGTRYAAAAAAAAAAAAAAA", "a+secret/of+forty+characters/in+length++");
  static final Instant NOW = Instant.parse("2026-01-31T23:50:00Z");
  static final byte[] BODY = "{\"node\": \"é\"}".getBytes(StandardCharsets.UTF_8);
  static final String INVOCATIONS = "http://127.0.0.1:8080/2015-03-31/functions/%s/invocations";

  private SdkSignature() {}

  /** An invocation of the function, signed now. */
  static SignedRequest invocation(String function) {
    return sign(INVOCATIONS.formatted(function), Map.of("Content-Type", List.of("text/json")));
  }

  /** A request with {@link #BODY}, signed now for Lambda. */
  static SignedRequest sign(String uri, Map<String, List<String>> headers) {
    return sign(uri, headers, NOW, KEY, "lambda");
  }

  static SignedRequest sign(
      String uri, Map<String, List<String>> headers, Instant when, AccessKey key, String service) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create(uri))
            .headers(headers)
            .build();
    SdkHttpRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                sign ->
                    sign.identity(AwsBasicCredentials.create(key.id(), key.secret()))
                        .request(request)
                        .payload(ContentStreamProvider.fromByteArray(BODY))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(when, ZoneOffset.UTC)))
            .request();
    return new SignedRequest(
        "POST",
        signed.encodedPath(),
        signed.encodedQueryParameters().orElse(null),
        signed.headers());
  }

  /** The same request with other headers, as if changed on its way. */
  static SignedRequest changed(SignedRequest request, Consumer<Map<String, List<String>>> change) {
    Map<String, List<String>> headers = new TreeMap<>(request.headers());
    change.accept(headers);
    return new SignedRequest(request.method(), request.path(), request.query(), headers);
  }
}
