package hgauto.aws;

import static hgauto.aws.SignatureRefusedException.Code.IncompleteSignatureException;
import static hgauto.aws.SignatureRefusedException.Code.InvalidSignatureException;
import static hgauto.aws.SignatureRefusedException.Code.MissingAuthenticationTokenException;
import static hgauto.aws.SignatureRefusedException.Code.UnrecognizedClientException;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Admits requests that bear an AWS Signature Version 4 by a known access key, in the {@code
 * Authorization} header, as Lambda does. It takes two steps, so that a stranger's body need not be
 * read: {@link #precheck} looks at the headers alone, {@link Claim#verify} at the signature.
 *
 * <p>A signature is good for 15 minutes before and after its date, for any number of requests: who
 * must not do a thing twice remembers {@link Claim#signature()} for {@link #GOOD_FOR}.
 */
public final class SignatureCheck {
  /** How far the date of a request may be from the clock, either way. */
  public static final Duration TOLERANCE = Duration.ofMinutes(15);

  /** The longest time between the first and the last moment at which a signature is admitted. */
  public static final Duration GOOD_FOR = TOLERANCE.multipliedBy(2);

  private static final String SERVICE = "lambda";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          SignatureV4.ALGORITHM
              + " +Credential=([^/, ]+)/(\\d{8})/([^/, ]+)/([^/, ]+)/([^/, ]+), *"
              + "SignedHeaders=([^, ]+), *"
              + "Signature=([0-9a-f]{64})");

  private final Map<String, String> secrets;
  private final Clock clock;

  /**
   * @param secrets the secret of each access key id
   * @param clock what "now" is
   */
  public SignatureCheck(Map<String, String> secrets, Clock clock) {
    this.secrets = Map.copyOf(secrets);
    this.clock = clock;
  }

  /** Checks all that can be checked without the body: form, access key, scope and date. */
  public Claim precheck(SignedRequest request) throws SignatureRefusedException {
    if (request.values("authorization").isEmpty()) {
      throw refused(MissingAuthenticationTokenException, "The request is not signed.");
    }
    Matcher authorization = AUTHORIZATION.matcher(only(request, "authorization"));
    if (!authorization.matches()) {
      throw refused(
          IncompleteSignatureException,
          "The Authorization header is not of the form \"AWS4-HMAC-SHA256 Credential=…,"
              + " SignedHeaders=…, Signature=…\".");
    }
    String accessKey = authorization.group(1);
    if (!secrets.containsKey(accessKey)) {
      throw refused(UnrecognizedClientException, "The access key is not known here.");
    }
    String date = only(request, "x-amz-date");
    checkDate(date, authorization.group(2));
    if (!authorization.group(4).equals(SERVICE)
        || !authorization.group(5).equals(SignatureV4.TERMINATOR)) {
      throw refused(
          InvalidSignatureException,
          "The credential's scope must end with " + SERVICE + "/" + SignatureV4.TERMINATOR + ".");
    }
    List<String> signedHeaders = List.of(authorization.group(6).split(";", -1));
    checkSignedHeaders(request, signedHeaders);
    List<String> scope =
        List.of(date.substring(0, 8), authorization.group(3), SERVICE, SignatureV4.TERMINATOR);
    return new Claim(
        request, accessKey, authorization.group(7), signedHeaders, date, scope, secrets);
  }

  private void checkDate(String date, String day) throws SignatureRefusedException {
    Instant signed;
    try {
      signed = DATE.parse(date, Instant::from);
    } catch (DateTimeParseException e) {
      throw refused(
          IncompleteSignatureException, "X-Amz-Date is not of the form 20260131T235959Z.");
    }
    Instant now = clock.instant();
    if (Duration.between(signed, now).abs().compareTo(TOLERANCE) > 0) {
      throw refused(
          InvalidSignatureException,
          "The request was signed for %s, which is more than %d minutes from %s, the time here."
              .formatted(date, TOLERANCE.toMinutes(), DATE.format(now)));
    }
    if (!date.startsWith(day)) {
      throw refused(InvalidSignatureException, "The credential's day is not that of X-Amz-Date.");
    }
  }

  private static void checkSignedHeaders(SignedRequest request, List<String> names)
      throws SignatureRefusedException {
    if (!names.containsAll(List.of("host", "x-amz-date"))) {
      throw refused(IncompleteSignatureException, "The signature must cover Host and X-Amz-Date.");
    }
    if (!names.equals(List.copyOf(new TreeSet<>(names)))) {
      throw refused(
          IncompleteSignatureException, "SignedHeaders is not a sorted list of different names.");
    }
    if (!request.headers().keySet().containsAll(names)) {
      throw refused(InvalidSignatureException, "A header that was signed has not been sent.");
    }
  }

  /** The value of a header that has to be there once. */
  private static String only(SignedRequest request, String name) throws SignatureRefusedException {
    List<String> values = request.values(name);
    if (values.size() != 1) {
      throw refused(
          IncompleteSignatureException, "There must be one header " + name + ", and no more.");
    }
    return values.get(0).strip();
  }

  private static SignatureRefusedException refused(
      SignatureRefusedException.Code code, String message) {
    return new SignatureRefusedException(code, message);
  }

  /** A signature in good form and time by a known access key, which may yet be wrong. */
  public static final class Claim {
    private final SignedRequest request;
    private final String accessKey;
    private final String signature;
    private final List<String> signedHeaders;
    private final String date;
    private final List<String> scope;
    private final Map<String, String> secrets;

    private Claim(
        SignedRequest request,
        String accessKey,
        String signature,
        List<String> signedHeaders,
        String date,
        List<String> scope,
        Map<String, String> secrets) {
      this.request = request;
      this.accessKey = accessKey;
      this.signature = signature;
      this.signedHeaders = signedHeaders;
      this.date = date;
      this.scope = scope;
      this.secrets = secrets;
    }

    /** The id of the access key that is said to have signed. */
    public String accessKey() {
      return accessKey;
    }

    /** The signature, 64 hexadecimal digits in lower case: the same for the same request only. */
    public String signature() {
      return signature;
    }

    /** Checks the signature, over the headers and this body; returns if it is right. */
    public void verify(byte[] body) throws SignatureRefusedException {
      String bodyHash = SignatureV4.sha256(body);
      List<String> announced = request.values("x-amz-content-sha256");
      if (!announced.isEmpty() && !announced.equals(List.of(bodyHash))) {
        throw refused(
            InvalidSignatureException, "X-Amz-Content-Sha256 is not the hash of the body.");
      }
      String expected =
          SignatureV4.of(request, signedHeaders, bodyHash, date, scope, secrets.get(accessKey));
      if (!MessageDigest.isEqual(expected.getBytes(US_ASCII), signature.getBytes(US_ASCII))) {
        throw refused(
            InvalidSignatureException,
            "The signature does not match the request: it was changed on its way, or signed with"
                + " another secret.");
      }
    }
  }
}
