package hgauto.machine;

import hgauto.error.EnvironmentException;

/** There is something of that name on the machine already; it stays as it is. */
public final class FileThereException extends EnvironmentException {
  /**
   * See {@link hgauto.error.HgautoException} for what failed.
   *
   * @param remote what is there
   */
  FileThereException(String what, String remote, Throwable cause) {
    super(what, remote + " is there already", "", cause);
  }
}
