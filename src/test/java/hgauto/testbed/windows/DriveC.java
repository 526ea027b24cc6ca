package hgauto.testbed.windows;

import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Drive C: of a machine that stands in for a Windows one: the folder {@code /C:}, as SFTP shows a
 * drive. Paths are Windows', such as {@code C:\hgdev}; what is made here belongs to Administrator.
 */
public final class DriveC {
  private final TestMachine machine;

  DriveC(TestMachine machine) {
    this.machine = machine;
  }

  /** Where it is, for this process. */
  public Path path(String windows) {
    if (!windows.startsWith("C:\\")) {
      throw new IllegalArgumentException("not on drive C: " + windows);
    }
    return machine.path("/" + windows.replace('\\', '/'));
  }

  /** Makes a folder, with those above it. */
  public Path makeFolder(String windows) throws IOException {
    Path folder = path(windows);
    if (!Files.isDirectory(folder)) {
      if (windows.indexOf('\\') < windows.lastIndexOf('\\')) {
        makeFolder(windows.substring(0, windows.lastIndexOf('\\')));
      }
      Files.createDirectory(folder);
      give(folder);
    }
    return folder;
  }

  /** Writes a file, in place of one that is there. */
  public void write(String windows, byte[] content) throws IOException {
    Files.write(path(windows), content);
    give(path(windows));
  }

  /** Writes at the end of a file that is there. */
  public void append(String windows, byte[] content) throws IOException {
    Files.write(path(windows), content, StandardOpenOption.APPEND);
  }

  /** How much room is left, in MiB. */
  long freeMib() throws IOException {
    return path("C:\\hgdev").toFile().getUsableSpace() >> 20;
  }

  private void give(Path path) throws IOException {
    Path home = machine.path("/home/Administrator");
    Files.setAttribute(path, "unix:uid", Files.getAttribute(home, "unix:uid"));
    Files.setAttribute(path, "unix:gid", Files.getAttribute(home, "unix:gid"));
  }
}
