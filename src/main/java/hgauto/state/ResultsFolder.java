package hgauto.state;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs have come to is kept in a folder each. */
public final class ResultsFolder {
  private static final Logger LOG = LoggerFactory.getLogger(ResultsFolder.class);

  private static final int KEEP = 50;

  /** What is younger may be of a run that goes on. */
  private static final Duration KEPT_FOR = Duration.ofDays(1);

  private ResultsFolder() {}

  /**
   * Makes a new one, and removes the oldest beyond the newest fifty of all kinds, but for those of
   * the last day.
   *
   * @param parent {@link StateFolder#results}
   * @param kind begins its name, such as {@code linux}
   * @throws EnvironmentException if it cannot be made
   */
  public static Path create(Path parent, String kind, Instant now) {
    try {
      Path folder = createNew(parent, kind + "-" + time(now));
      prune(parent, time(now.minus(KEPT_FOR)));
      return folder;
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot make a folder for the results in " + parent,
          Reason.of(e),
          "Free some space or mend its permissions, or name another state folder with"
              + " --state-path.",
          e);
    }
  }

  /** Removes it if nothing came of the run, so that such runs do not push out others. */
  public static void removeIfEmpty(Path folder) {
    try {
      Files.delete(folder);
    } catch (IOException e) {
      LOG.debug("{} stays", folder, e); // it is not empty
    }
  }

  private static Path createNew(Path parent, String name) throws IOException {
    for (int number = 1; ; number++) {
      Path folder = parent.resolve(number == 1 ? name : name + "-" + number);
      try {
        Files.createDirectory(folder);
        return PrivateFiles.createFolder(folder); // makes it private
      } catch (FileAlreadyExistsException e) {
        // another run has begun in this second
      }
    }
  }

  /** Such as 20260131T235959, in UTC. */
  private static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-:Z]", "");
  }

  private static void prune(Path parent, String before) throws IOException {
    try (Stream<Path> folders = Files.list(parent)) {
      List<Path> old =
          folders
              .sorted(Comparator.comparing(ResultsFolder::timeIn).reversed())
              .skip(KEEP)
              .filter(folder -> timeIn(folder).compareTo(before) < 0)
              .toList();
      for (Path folder : old) {
        Folders.delete(folder);
      }
    }
  }

  private static String timeIn(Path folder) {
    return folder.getFileName().toString().replaceFirst("^[^-]*-", "");
  }
}
