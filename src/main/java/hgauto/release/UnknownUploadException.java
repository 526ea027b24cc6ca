package hgauto.release;

import hgauto.error.EnvironmentException;

/** An upload has failed in such a way that the index may have the wheel all the same. */
public final class UnknownUploadException extends EnvironmentException {
  /** See {@link hgauto.error.HgautoException} for the three parts. */
  UnknownUploadException(String what, String why, String next) {
    super(what, why, next);
  }
}
