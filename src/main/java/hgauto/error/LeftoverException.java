package hgauto.error;

/** Something that costs money could not be removed; the message has its id. Exit code 4. */
public final class LeftoverException extends HgautoException {
  /** See {@link HgautoException} for the three parts, of which the last tells how to remove it. */
  public LeftoverException(String what, String why, String next, Throwable cause) {
    super(what, why, next, cause);
  }

  @Override
  public int exitCode() {
    return 4;
  }
}
