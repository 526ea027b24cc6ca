package hgauto.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** Passes bytes on until all is to be quiet. */
final class QuietBytes extends FilterOutputStream {
  private final BooleanSupplier quiet;

  QuietBytes(OutputStream out, BooleanSupplier quiet) {
    super(out);
    this.quiet = quiet;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (!quiet.getAsBoolean()) {
      out.write(bytes, offset, length);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }
}
