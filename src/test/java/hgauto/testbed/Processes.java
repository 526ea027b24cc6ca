package hgauto.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** The processes of this machine, as {@code /proc} shows them. */
public final class Processes {
  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  /** The command lines that hold the marker, of whatever process and account. */
  public static List<String> with(String marker) {
    Requires.that(Files.exists(PROC.resolve("self/cmdline")), "there is no /proc");
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        String line = commandLine(entry);
        if (line.contains(marker)) {
          found.add(entry.getFileName() + ": " + line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /**
   * Waits until a process has the marker in its command line. What it is started by may have
   * launched a machine before, and pushed to it, which takes a loaded machine a minute.
   */
  public static void awaitStart(String marker) {
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> !with(marker).isEmpty());
  }

  /** Waits until no process has it any more; fails after a minute. */
  public static void awaitEnd(String marker) {
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> with(marker), List::isEmpty);
  }

  private static String commandLine(Path process) {
    try {
      byte[] line = Files.readAllBytes(process.resolve("cmdline"));
      return new String(line, StandardCharsets.UTF_8).replace('\0', ' ');
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
