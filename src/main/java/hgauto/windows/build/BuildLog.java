package hgauto.windows.build;

import hgauto.error.EnvironmentException;
import hgauto.machine.Lines;
import hgauto.machine.Tail;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a build prints: a file, the last lines, and what files it says that it has made. Where the
 * file can no longer be written, as on a full disk, that is told once, and the build goes on.
 */
final class BuildLog extends OutputStream {
  private final Path path;
  private final OutputStream file;
  private final Consumer<String> told;
  private final Tail tail = new Tail();
  private final Lines lines = new Lines(this::line);
  private final List<String> made = new ArrayList<>();
  private boolean cut;

  /**
   * @param path is made if it is not there; what is in it, of a machine that was lost, stays
   * @throws EnvironmentException if it cannot be opened
   */
  BuildLog(Path path, Consumer<String> told) {
    this.path = path;
    this.told = told;
    try {
      this.file = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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
    tail.write(bytes, offset, length);
    lines.write(bytes, offset, length);
    try {
      if (!cut) {
        file.write(bytes, offset, length);
      }
    } catch (IOException e) {
      cut = true;
      told.accept("the log " + path + " ends here: " + Reason.of(e));
    }
  }

  private void line(String text) {
    if (text.startsWith(RemoteFile.LINE)) {
      made.add(text.strip());
    }
  }

  /**
   * The files that it has made, as far as it is said by now.
   *
   * @throws EnvironmentException if what it says of them cannot be read
   */
  List<RemoteFile> made() {
    return made.stream().map(RemoteFile::parse).toList();
  }

  /** The last lines, after {@code introduction}; nothing at all if there are none. */
  String tailAfter(String introduction) {
    return tail.after(introduction);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      told.accept("the log " + path + " may not be whole: " + Reason.of(e));
    }
  }
}
