package hgauto.task;

import hgauto.error.EnvironmentException;
import hgauto.state.PrivateFiles;
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
   * @param passedOn is never closed; when it takes no more, the tests are pointless, and whoever
   *     writes is told so by an {@link EnvironmentException}
   * @param path the file, which is not there yet
   * @param warned is told if the file takes no more; the tests go on
   */
  TestOutput(OutputStream passedOn, Path path, Consumer<String> warned) {
    this(passedOn, path, create(path), warned);
  }

  /** The same, for tests of a file whose disk is full. */
  TestOutput(OutputStream passedOn, Path path, OutputStream file, Consumer<String> warned) {
    this.passedOn = passedOn;
    this.path = path;
    this.file = file;
    this.warned = warned;
  }

  private static OutputStream create(Path path) {
    try {
      return Files.newOutputStream(PrivateFiles.createFile(path));
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot write " + path, Reason.of(e), "Free some space in the state folder.", e);
    }
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      if (kept) {
        file.write(bytes, offset, length);
      }
    } catch (IOException e) {
      notKept(e);
    }
    passOn(() -> passedOn.write(bytes, offset, length));
  }

  @Override
  public void flush() {
    passOn(passedOn::flush);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) { // such as of a disk elsewhere that is full
      notKept(e);
    }
  }

  private void notKept(IOException e) {
    if (kept) {
      warned.accept("what the tests print is not all kept in " + path + ": " + Reason.of(e));
    }
    kept = false;
  }

  private void passOn(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot pass on what the tests print",
          Reason.of(e),
          "As far as it came it is in " + path + ".",
          e);
    }
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }
}
