package hgauto.task;

import hgauto.error.EnvironmentException;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What tests print: passed on as it comes, and kept in a file. */
final class TestOutput extends OutputStream {
  private final OutputStream passedOn;
  private final OutputStream file;
  private final Path path;
  private final Consumer<String> warned;
  private boolean kept = true;

  /**
   * @param passedOn is never closed; when it takes no more, the tests are pointless
   * @param path the file, which is not there yet
   * @param warned is told if the file takes no more; the tests go on
   */
  TestOutput(OutputStream passedOn, Path path, Consumer<String> warned) {
    this.passedOn = passedOn;
    this.path = path;
    this.warned = warned;
    try {
      this.file = Files.newOutputStream(path);
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot write " + path, Reason.of(e), "Free some space in the state folder.", e);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    keep(bytes, offset, length);
    passedOn.write(bytes, offset, length);
  }

  private void keep(byte[] bytes, int offset, int length) {
    try {
      if (kept) {
        file.write(bytes, offset, length);
      }
    } catch (IOException e) {
      kept = false;
      warned.accept("what the tests print is no longer kept in " + path + ": " + Reason.of(e));
    }
  }

  @Override
  public void flush() throws IOException {
    passedOn.flush();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
