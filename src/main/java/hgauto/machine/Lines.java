package hgauto.machine;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts what is written to it into lines, as UTF-8; of longer ones it keeps the beginning. */
public final class Lines extends OutputStream {
  private static final int LONGEST = 16 << 10;

  private final Consumer<String> told;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /**
   * @param told is given each line, without its end
   */
  public Lines(Consumer<String> told) {
    this.told = told;
  }

  @Override
  public void write(int b) {
    if (b == '\n') {
      end();
    } else if (line.size() < LONGEST) {
      line.write(b);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    for (int at = offset; at < offset + length; at++) {
      write(bytes[at]);
    }
  }

  private void end() {
    told.accept(line.toString(StandardCharsets.UTF_8));
    line.reset();
  }

  /** A last line may have no end. */
  @Override
  public void close() {
    if (line.size() > 0) {
      end();
    }
  }
}
