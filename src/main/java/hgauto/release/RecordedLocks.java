package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which locks on web sites the runs for one {@code dist} and version have made: each has a file in
 * there, from before it is on its site until none of them is. So whatever kills a run, the next one
 * knows its lock, and it knows no other, however alike. A run that uses this holds {@code dist} for
 * the version, so that the others which are recorded have ended.
 */
final class RecordedLocks {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedLocks.class);

  private final Path folder;
  private final String prefix;

  private RecordedLocks(Path folder, String prefix) {
    this.folder = folder;
    this.prefix = prefix;
  }

  /** Those of a run, which has that lock or is to have it, and of the ones before it. */
  static RecordedLocks of(SiteLock mine) {
    return new RecordedLocks(Path.of(mine.dist()), ".hgauto-" + mine.version() + ".site-lock-");
  }

  /**
   * Records one, so that it is known even after a power failure.
   *
   * @param place where it is to be, a text of its own for each site
   * @throws EnvironmentException if that is not possible
   */
  void add(SiteLock lock, String place) {
    try {
      PrivateFiles.create(file(lock.run()), place.getBytes(StandardCharsets.UTF_8));
      PrivateFiles.sync(folder);
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot write in " + folder,
          Reason.of(e),
          "Free some space or mend its permissions. Nothing is published.",
          e);
    }
  }

  /** Whether there is a lock, and it is one of these. */
  boolean have(Optional<SiteLock> lock) {
    return lock.map(SiteLock::run).filter(run -> Files.exists(file(run))).isPresent();
  }

  /** Forgets those of that place, where none of them is any more. */
  void forget(String place) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*")) {
      for (Path file : files) {
        if (Files.readString(file).equals(place)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      LOG.debug("they may stay recorded, since no other lock is like them", e);
    }
  }

  private Path file(UUID run) {
    return folder.resolve(prefix + run);
  }
}
