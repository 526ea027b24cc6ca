package hgauto.windows.test;

import hgauto.machine.Tail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what run-tests.py prints of what its log has: without the first line, which tells the
 * account, and without Windows' carriage returns at the ends of lines. The log is looked at several
 * times a second, and flushed each time; then what tests tell is looked at, too.
 */
final class TestLog extends OutputStream {
  private static final Logger LOG = LoggerFactory.getLogger(TestLog.class);

  private final OutputStream output;
  private final Look events;
  private final Tail tail = new Tail();
  private final StringBuilder account = new StringBuilder();
  private boolean begun;
  private boolean carriageReturn;

  /** Looks at what tests have told. */
  @FunctionalInterface
  interface Look {
    void now() throws InterruptedException;
  }

  /**
   * @param output is not closed
   */
  TestLog(OutputStream output, Look events) {
    this.output = output;
    this.events = events;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteArrayOutputStream passed = new ByteArrayOutputStream(length + 1);
    for (int at = offset; at < offset + length; at++) {
      if (begun) {
        take(bytes[at], passed);
      } else {
        begin(bytes[at]);
      }
    }
    output.write(passed.toByteArray());
    tail.write(passed.toByteArray());
  }

  private void begin(byte next) {
    if (next == '\n') {
      begun = true;
      LOG.info("run-tests.py runs as {}", account.toString().strip());
    } else {
      account.append((char) next);
    }
  }

  private void take(byte next, ByteArrayOutputStream passed) {
    if (carriageReturn && next != '\n') {
      passed.write('\r');
    }
    carriageReturn = next == '\r';
    if (!carriageReturn) {
      passed.write(next);
    }
  }

  @Override
  public void flush() throws IOException {
    output.flush();
    try {
      events.now();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever follows the log waits next, and hears of it
      LOG.debug("interrupted while looking at what tests tell", e);
    }
  }

  /** The end of what came, for a person. */
  Tail tail() {
    return tail;
  }
}
