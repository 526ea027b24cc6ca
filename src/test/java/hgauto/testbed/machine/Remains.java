package hgauto.testbed.machine;

import hgauto.testbed.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What of this machine's belongs to those that tests have started in a folder. */
final class Remains {
  private Remains() {}

  /** Processes, mounts, loop devices, and files but logs. */
  static List<String> of(Path folder) {
    List<String> found = new ArrayList<>(Processes.with(folder.toString()));
    try {
      Files.readAllLines(Path.of("/proc/mounts")).stream()
          .filter(line -> line.contains(folder.toString()))
          .forEach(found::add);
      try (DirectoryStream<Path> loops = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
        for (Path loop : loops) {
          String file = backingFile(loop);
          if (file.startsWith(folder.toString())) {
            found.add(loop + " on " + file);
          }
        }
      }
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> !file.endsWith("log")).map(Path::toString).forEach(found::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static String backingFile(Path loop) {
    try {
      return Files.readString(loop.resolve("loop/backing_file"));
    } catch (IOException e) {
      return ""; // it is on none
    }
  }
}
