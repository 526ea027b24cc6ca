package hgauto.testbed.aws;

import java.util.Objects;

/** What goes wrong with a call. */
public final class Fault {
  /** AWS is asked too much; nothing happens. */
  public static final Fault THROTTLED =
      new Fault(Kind.THROTTLED, null, "Request limit exceeded.", null);

  /** The caller lacks the permission; nothing happens. */
  public static final Fault FORBIDDEN =
      new Fault(Kind.FORBIDDEN, null, "You are not authorized to perform this operation.", null);

  /** The connection breaks before AWS has the request; nothing happens. */
  public static final Fault DROPPED_BEFORE = new Fault(Kind.DROPPED_BEFORE, null, "", null);

  /** It happens, but the connection breaks before the answer is there. */
  public static final Fault ANSWER_LOST = new Fault(Kind.ANSWER_LOST, null, "", null);

  private final Kind kind;
  private final String code;
  private final String message;
  private final Runnable hook;

  enum Kind {
    THROTTLED,
    FORBIDDEN,
    REFUSED,
    DROPPED_BEFORE,
    ANSWER_LOST,
    BEFORE,
    AFTER,
    INSTEAD
  }

  private Fault(Kind kind, String code, String message, Runnable hook) {
    this.kind = kind;
    this.code = code;
    this.message = message;
    this.hook = hook;
  }

  /** AWS refuses with this error code; nothing happens. */
  public static Fault refused(String code) {
    return refused(code, "The test wants it refused");
  }

  /** AWS refuses with this error code and message; nothing happens. */
  public static Fault refused(String code, String message) {
    return new Fault(Kind.REFUSED, Objects.requireNonNull(code), message, null);
  }

  /**
   * Something that is done before the call takes effect, such as the end of the client. What it
   * throws comes out of the call.
   */
  public static Fault before(Runnable hook) {
    return new Fault(Kind.BEFORE, null, "", Objects.requireNonNull(hook));
  }

  /** Something that is done when the call has taken effect and is not answered yet. */
  public static Fault after(Runnable hook) {
    return new Fault(Kind.AFTER, null, "", Objects.requireNonNull(hook));
  }

  /**
   * Something that is done instead of the call, such as the end of the client before it could send
   * it: the call has no effect, and the connection breaks.
   */
  public static Fault instead(Runnable hook) {
    return new Fault(Kind.INSTEAD, null, "", Objects.requireNonNull(hook));
  }

  Kind kind() {
    return kind;
  }

  /** The error code that AWS answers with; only where it refuses. */
  String code(String service) {
    return switch (kind) {
      case THROTTLED ->
          switch (service) {
            case "ec2" -> "RequestLimitExceeded";
            case "ssm" -> "ThrottlingException";
            default -> "Throttling";
          };
      case FORBIDDEN ->
          switch (service) {
            case "ec2" -> "UnauthorizedOperation";
            case "ssm" -> "AccessDeniedException";
            default -> "AccessDenied";
          };
      default -> Objects.requireNonNull(code, () -> "a fault without a code: " + kind);
    };
  }

  /** What AWS says; only where it refuses. */
  String message() {
    return message;
  }

  Runnable hook() {
    return Objects.requireNonNull(hook, () -> "a fault without a hook: " + kind);
  }
}
