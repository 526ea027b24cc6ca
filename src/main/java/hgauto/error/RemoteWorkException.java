package hgauto.error;

/** What was to be done on another machine was tried there, and failed. Exit code 1. */
public class RemoteWorkException extends HgautoException {
  /** See {@link HgautoException} for the three parts. */
  public RemoteWorkException(String what, String why, String next) {
    super(what, why, next, null);
  }

  @Override
  public int exitCode() {
    return 1;
  }
}
