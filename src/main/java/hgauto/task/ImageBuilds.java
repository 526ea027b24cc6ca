package hgauto.task;

import hgauto.aws.image.MachineImage;
import hgauto.error.HgautoException;
import hgauto.linux.Distro;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes images of several distributions at once. One that fails does not stop the others. */
final class ImageBuilds {
  /** Makes one image. */
  @FunctionalInterface
  interface Build {
    MachineImage of(Distro distro) throws InterruptedException;
  }

  private final Build build;
  private final InstantSource clock;
  private final Optional<Double> dollarsPerHour;

  /**
   * @param build is called by several threads
   * @param dollarsPerHour of the machine that one is made on
   */
  ImageBuilds(Build build, InstantSource clock, Optional<Double> dollarsPerHour) {
    this.build = build;
    this.clock = clock;
    this.dollarsPerHour = dollarsPerHour;
  }

  /**
   * Makes them, and waits for all, whatever fails.
   *
   * @param distros one at least
   * @param atOnce how many at the same time
   * @return what became of each, in the same order
   */
  List<ImageItem> run(List<Distro> distros, int atOnce) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<ImageItem>> begun = new ArrayList<>();
      for (Distro distro : distros) {
        begun.add(pool.submit(() -> one(distro)));
      }
      pool.shutdown();
      List<ImageItem> items = new ArrayList<>();
      ExecutionException bug = null;
      for (Future<ImageItem> future : begun) {
        try {
          items.add(future.get());
        } catch (ExecutionException e) {
          bug = e;
        }
      }
      if (bug != null) {
        throw new IllegalStateException(bug.getCause());
      }
      return items;
    } finally {
      pool.shutdownNow();
    }
  }

  private ImageItem one(Distro distro) throws InterruptedException {
    Instant begin = clock.instant();
    try {
      MachineImage image = build.of(distro);
      return ImageItem.made(distro.name(), image, since(begin), dollarsPerHour);
    } catch (HgautoException e) {
      return ImageItem.failed(distro.name(), e, since(begin), dollarsPerHour);
    }
  }

  private Duration since(Instant begin) {
    return Duration.between(begin, clock.instant());
  }
}
