package hgauto.console;

import java.io.OutputStream;
import java.util.Optional;

/** The process's own standard output and error, for bytes that are passed on as they are. */
@FunctionalInterface
public interface Descriptors {
  /** Standard output. */
  int OUT = 1;

  /** Standard error. */
  int ERR = 2;

  /** There are none; all is text. */
  Descriptors NONE = descriptor -> Optional.empty();

  /**
   * What takes bytes for one of them; empty where that is a terminal.
   *
   * @param descriptor {@link #OUT} or {@link #ERR}
   */
  Optional<OutputStream> bytes(int descriptor);

  /** Whether standard error is a terminal on which what was written can be written over. */
  default boolean isScreen() {
    return false;
  }
}
