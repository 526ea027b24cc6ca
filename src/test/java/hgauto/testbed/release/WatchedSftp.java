package hgauto.testbed.release;

import hgauto.testbed.OpenSshServer;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * OpenSSH with {@code watched_sftp.py} in front of its SFTP server: each operation that changes
 * something is counted, and may be the last that the client does, or that the connection lives to.
 */
public final class WatchedSftp implements PublishScene.Server {
  private final Path control;

  /**
   * @param control is empty; the caller removes it
   */
  public WatchedSftp(Path control) {
    this.control = control;
  }

  @Override
  public OpenSshServer start(Path folder, String authorizedLine) throws IOException {
    Path sftp = Path.of("/usr/lib/openssh/sftp-server");
    Requires.that(Files.isExecutable(sftp), "there is no " + sftp);
    return OpenSshServer.start(
        folder,
        authorizedLine,
        "ForceCommand "
            + String.join(
                " ",
                Requires.program("python3").toString(),
                TestbedFiles.path("watched_sftp.py").toString(),
                control.toString(),
                sftp.toString()));
  }

  /** Says what is to be found before each operation; see watched_sftp.py. */
  public void expect(String json) throws IOException {
    Files.writeString(control.resolve("expected.json"), json);
  }

  /** The process that {@link #killAt} kills. */
  public void client(long pid) throws IOException {
    Files.writeString(control.resolve("pid"), Long.toString(pid));
  }

  /** Kills the client with -9 instead of its so-manyth operation, from 1. */
  public void killAt(int operation) throws IOException {
    Files.writeString(control.resolve("kill"), Integer.toString(operation));
  }

  /** Sends it another signal there, such as {@code INT}, and answers nothing until it is gone. */
  public void signalAt(int operation, String signal) throws IOException {
    Files.writeString(control.resolve("signal"), signal);
    killAt(operation);
  }

  /** Cuts the connection instead of its so-manyth operation, from 1. */
  public void cutAt(int operation) throws IOException {
    Files.writeString(control.resolve("cut"), Integer.toString(operation));
  }

  /** The operations since {@link #forget}, by name. */
  public List<String> operations() throws IOException {
    return lines("operations");
  }

  /** What was found else than expected since then, a line each. */
  public List<String> violations() throws IOException {
    return lines("violations");
  }

  private List<String> lines(String file) throws IOException {
    Path path = control.resolve(file);
    return Files.exists(path) ? Files.readAllLines(path) : List.of();
  }

  /** Counts anew. */
  public void forget() throws IOException {
    for (String file : List.of("operations", "violations", "kill", "signal", "cut")) {
      Files.deleteIfExists(control.resolve(file));
    }
  }
}
