package hgauto.error;

/**
 * A failure that a person can act on. It is told in three lines: what failed and on which id, why,
 * and what to do next. Any other exception that reaches the main class is our bug.
 */
public abstract class HgautoException extends RuntimeException {
  private final String why;
  private final String next;

  HgautoException(String what, String why, String next, Throwable cause) {
    super(what, cause);
    this.why = why;
    this.next = next;
  }

  /** What failed, with the id of the thing it failed on; a sentence without a full stop. */
  public String what() {
    return getMessage();
  }

  /** Why it failed; may be empty when the first line says it all. */
  public String why() {
    return why;
  }

  /** What the person can do about it; may be empty. */
  public String next() {
    return next;
  }

  /** The exit code of the process, as {@code hgauto --help} documents them. */
  public abstract int exitCode();
}
