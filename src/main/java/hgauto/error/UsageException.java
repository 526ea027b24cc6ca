package hgauto.error;

/** The request cannot be carried out as it was made; nothing was changed. Exit code 2. */
public final class UsageException extends HgautoException {
  /** See {@link HgautoException} for the three parts. */
  public UsageException(String what, String why, String next) {
    super(what, why, next, null);
  }

  @Override
  public int exitCode() {
    return 2;
  }
}
