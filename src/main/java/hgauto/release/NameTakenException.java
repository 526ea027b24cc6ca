package hgauto.release;

import hgauto.error.RemoteWorkException;

/**
 * An index has not taken a wheel because it has a file of that name, as it says; its page may not
 * show that yet. It can be this wheel, from an upload whose answer was lost.
 */
public final class NameTakenException extends RemoteWorkException {
  /** See {@link hgauto.error.HgautoException} for the three parts. */
  NameTakenException(String what, String why, String next) {
    super(what, why, next);
  }
}
