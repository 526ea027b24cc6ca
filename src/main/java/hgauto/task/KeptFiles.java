package hgauto.task;

import hgauto.console.Console;
import hgauto.error.EnvironmentException;
import hgauto.release.LatestDat;
import hgauto.release.PublishPlan;
import hgauto.state.Reason;
import hgauto.state.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What publishing leaves in {@code dist}. */
final class KeptFiles {
  private KeptFiles() {}

  /**
   * Keeps the {@code latest.dat} that is to be replaced.
   *
   * @return the file; empty if there is none to keep
   * @throws EnvironmentException if it cannot be written
   */
  static Optional<Path> saveLatest(Console console, PublishPlan plan, Path dist, Instant now) {
    Optional<LatestDat> live = plan.latest().flatMap(PublishPlan.LatestChange::live);
    Path file = dist.resolve("latest-windows-" + time(now) + ".dat");
    live.ifPresent(
        it -> {
          write(file, it.bytes());
          console.info("the latest.dat of now is kept as " + file);
        });
    return live.map(it -> file);
  }

  /** Such as 20260131T235959, in UTC. */
  private static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-:Z]", "");
  }

  /**
   * Writes one; a reader sees the old one or the new one, whole.
   *
   * @throws EnvironmentException if that is not possible
   */
  static void write(Path file, byte[] content) {
    try {
      WholeFile.replace(file, content);
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot write " + file,
          Reason.of(e),
          "Free some space or mend its permissions. Nothing is published.",
          e);
    }
  }
}
