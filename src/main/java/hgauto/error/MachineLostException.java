package hgauto.error;

/**
 * A machine no longer answers, or the way to it is cut; what it was doing may be half done. Exit
 * code 3.
 */
public final class MachineLostException extends HgautoException {
  /** See {@link HgautoException} for the three parts. */
  public MachineLostException(String what, String why, String next, Throwable cause) {
    super(what, why, next, cause);
  }

  @Override
  public int exitCode() {
    return 3;
  }
}
