package hgauto.error;

/** This machine, the network or the cloud did not do its part. Exit code 3. */
public class EnvironmentException extends HgautoException {
  /** See {@link HgautoException} for the three parts. */
  public EnvironmentException(String what, String why, String next) {
    super(what, why, next, null);
  }

  /** The same, keeping the exception that told us, for the log and {@code --stacktrace}. */
  public EnvironmentException(String what, String why, String next, Throwable cause) {
    super(what, why, next, cause);
  }

  @Override
  public int exitCode() {
    return 3;
  }
}
