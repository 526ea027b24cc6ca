package hgauto.aws.lease;

import java.io.IOException;

/** What was read is not what the journal has written: reading it again will not help. */
final class NoLeaseException extends IOException {
  private static final long serialVersionUID = 1L;

  NoLeaseException(String message) {
    super(message);
  }

  NoLeaseException(String message, Exception cause) {
    super(message, cause);
  }
}
