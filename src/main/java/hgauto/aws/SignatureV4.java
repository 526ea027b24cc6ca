package hgauto.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The arithmetic of AWS Signature Version 4, step by step as in "Create a signed AWS API request"
 * (docs.aws.amazon.com, IAM user guide, reference_sigv-create-signed-request).
 *
 * <p>It is written out here because the SDK's {@code AwsV4HttpSigner} cannot play the server's
 * part: it adds {@code x-amz-content-sha256} to every request and signs it, and it never signs
 * {@code User-Agent} and a few others, while which headers are signed is the client's choice.
 *
 * <p>As everywhere but in S3, the path is encoded once more for signing. Paths with empty, {@code
 * .} or {@code ..} segments, which clients would have to normalise first, do not match.
 */
final class SignatureV4 {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";
  static final String TERMINATOR = "aws4_request";

  private SignatureV4() {}

  /**
   * The signature that the request should bear.
   *
   * @param signedHeaders the names of the headers it covers, as the client listed them
   * @param bodyHash the body's SHA-256, in hexadecimal
   * @param date the value of {@code x-amz-date}
   * @param scope day, region, service and {@link #TERMINATOR}
   */
  static String of(
      SignedRequest request,
      List<String> signedHeaders,
      String bodyHash,
      String date,
      List<String> scope,
      String secret) {
    String canonicalRequest =
        String.join(
            "\n",
            request.method(),
            canonicalPath(request.path()),
            canonicalQuery(request.query()),
            canonicalHeaders(request, signedHeaders),
            String.join(";", signedHeaders),
            bodyHash);
    String stringToSign =
        String.join(
            "\n",
            ALGORITHM,
            date,
            String.join("/", scope),
            sha256(canonicalRequest.getBytes(UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(UTF_8);
    for (String part : scope) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, stringToSign));
  }

  /** The SHA-256 of {@code content}, in hexadecimal. */
  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String canonicalPath(String path) {
    String encoded =
        URLEncoder.encode(path, UTF_8)
            .replace("%2F", "/")
            .replace("+", "%20")
            .replace("*", "%2A")
            .replace("%7E", "~");
    return encoded.isEmpty() ? "/" : encoded;
  }

  /** Names and values stay encoded as they were sent; what counts is their order. */
  private static String canonicalQuery(String query) {
    if (query == null || query.isEmpty()) {
      return "";
    }
    return Arrays.stream(query.split("&"))
        .map(pair -> pair.split("=", 2))
        .map(pair -> new String[] {pair[0], pair.length == 2 ? pair[1] : ""})
        .sorted(
            Comparator.comparing((String[] pair) -> pair[0])
                .thenComparing((String[] pair) -> pair[1]))
        .map(pair -> pair[0] + "=" + pair[1])
        .collect(Collectors.joining("&"));
  }

  /** One line a header, each with its end of line. */
  private static String canonicalHeaders(SignedRequest request, List<String> names) {
    return names.stream()
        .map(
            name ->
                request.values(name).stream()
                    .map(value -> value.strip().replaceAll("\\s+", " "))
                    .collect(Collectors.joining(",", name + ":", "\n")))
        .collect(Collectors.joining());
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
