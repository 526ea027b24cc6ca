package hgauto.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.state.Reason;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what a machine prints, tells it line by line, and keeps it in a file. Where the file can no
 * longer be written, as on a full disk, that is told once, and the rest is told only: what is being
 * done, and ended, goes on.
 */
final class LinesAndLog extends OutputStream {
  private static final Logger LOG = LoggerFactory.getLogger(LinesAndLog.class);

  /** What is longer is told in parts. */
  private static final int LONGEST = 16_384;

  private final Consumer<String> told;
  private final Path file;
  private final OutputStream log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean lost;

  /**
   * @param told is given each line, without its end
   * @param file the log; it is there, and empty
   * @throws EnvironmentException if it cannot be opened
   */
  LinesAndLog(Consumer<String> told, Path file) {
    this.told = told;
    this.file = file;
    try {
      this.log = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot write the log " + file, Reason.of(e), "Free some space in the state folder.", e);
    }
  }

  /** Takes a line of our own. */
  synchronized void line(String text) {
    if (line.size() > 0) {
      write('\n');
    }
    byte[] bytes = (text + "\n").getBytes(UTF_8);
    write(bytes, 0, bytes.length);
    flush();
  }

  @Override
  public synchronized void write(int b) {
    log(() -> log.write(b));
    if (b == '\n' || (line.size() >= LONGEST && (b & 0xc0) != 0x80)) { // not within a character
      tell();
    }
    if (b != '\n' && b != '\r') {
      line.write(b);
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    for (int at = offset; at < offset + length; at++) {
      write(bytes[at]);
    }
  }

  @Override
  public synchronized void flush() {
    log(log::flush);
  }

  @Override
  public synchronized void close() {
    if (line.size() > 0) {
      tell();
    }
    log(log::close);
  }

  /** What goes into the file, until that fails. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void log(Writing writing) {
    if (lost) {
      return;
    }
    try {
      writing.run();
    } catch (IOException e) {
      lost = true;
      told.accept("the log " + file + " ends here: " + Reason.of(e));
      closeLost();
    }
  }

  /** For its file handle: the disk is full. */
  private void closeLost() {
    try {
      log.close();
    } catch (IOException e) {
      LOG.debug("closing {} fails as writing it did", file, e);
    }
  }

  private void tell() {
    told.accept(line.toString(UTF_8));
    line.reset();
  }
}
