package hgauto.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Keeps in memory what is written to it, up to a limit. What is written past it fails; where that
 * is what a command prints, {@link SshMachine#run} ends the command then.
 */
public final class BoundedOutput extends OutputStream {
  private final int atMost;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  /**
   * Nothing yet.
   *
   * @param atMost how many bytes may come
   */
  public BoundedOutput(int atMost) {
    this.atMost = atMost;
  }

  @Override
  public void write(int b) throws IOException {
    makeSure(1);
    kept.write(b);
  }

  @Override
  public void write(byte[] bytes, int off, int len) throws IOException {
    makeSure(len);
    kept.write(bytes, off, len);
  }

  private void makeSure(int more) throws IOException {
    if (more > atMost - kept.size()) {
      throw new IOException("it is more than " + atMost + " bytes");
    }
  }

  /** All that has come. */
  public byte[] bytes() {
    return kept.toByteArray();
  }

  /** The same, as UTF-8. */
  String text() {
    return kept.toString(StandardCharsets.UTF_8);
  }
}
