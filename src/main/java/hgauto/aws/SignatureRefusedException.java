package hgauto.aws;

/**
 * A request is not admitted, told the way AWS tells it, so that its clients understand. The message
 * is a sentence for a person; it holds nothing secret.
 */
public final class SignatureRefusedException extends Exception {
  /** Why, in AWS's words. */
  enum Code {
    /** No signature at all. */
    MissingAuthenticationTokenException(403),
    /** A signature that is not put down as it should be. */
    IncompleteSignatureException(400),
    /** An access key that is not known here. */
    UnrecognizedClientException(403),
    /** A signature of another request, of another time, or by another secret. */
    InvalidSignatureException(403);

    private final int status;

    Code(int status) {
      this.status = status;
    }
  }

  private final Code code;

  SignatureRefusedException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** AWS's error code, such as {@code InvalidSignatureException}, for {@code x-amzn-ErrorType}. */
  public String code() {
    return code.name();
  }

  /** The HTTP status to answer with. */
  public int status() {
    return code.status;
  }
}
