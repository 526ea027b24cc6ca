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

/** Takes what a machine prints, tells it line by line, and keeps it in a file. */
final class LinesAndLog extends OutputStream {
  /** What is longer is told in parts. */
  private static final int LONGEST = 16_384;

  private final Consumer<String> told;
  private final Path file;
  private final OutputStream log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /**
   * @param told is given each line, without its end
   * @param file the log; it is there, and empty
   */
  LinesAndLog(Consumer<String> told, Path file) {
    this.told = told;
    this.file = file;
    try {
      this.log = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Takes a line of our own.
   *
   * @throws EnvironmentException if it cannot be written
   */
  synchronized void line(String text) {
    try {
      if (line.size() > 0) {
        write('\n');
      }
      write((text + "\n").getBytes(UTF_8));
      flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public synchronized void write(int b) throws IOException {
    log.write(b);
    if (b == '\n' || line.size() == LONGEST) {
      tell();
    }
    if (b != '\n' && b != '\r') {
      line.write(b);
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    for (int at = offset; at < offset + length; at++) {
      write(bytes[at]);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    log.flush();
  }

  @Override
  public synchronized void close() {
    if (line.size() > 0) {
      tell();
    }
    try {
      log.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private EnvironmentException unwritable(IOException e) {
    return new EnvironmentException(
        "cannot write the log " + file, Reason.of(e), "Free some space in the state folder.", e);
  }

  private void tell() {
    told.accept(line.toString(UTF_8));
    line.reset();
  }
}
