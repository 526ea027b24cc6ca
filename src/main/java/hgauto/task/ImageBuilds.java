package hgauto.task;

import hgauto.aws.image.MachineImage;
import hgauto.error.HgautoException;
import hgauto.linux.Distro;
import hgauto.linux.LinuxImages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes images of several distributions at once. One that fails does not stop the others. */
final class ImageBuilds {
  /** Makes one image, and tells the instance type of the machine once that is there. */
  @FunctionalInterface
  interface Build {
    MachineImage of(Distro distro, Consumer<String> launched) throws InterruptedException;
  }

  private final Build build;
  private final InstantSource clock;
  private final Function<String, Optional<Double>> dollarsPerHour;

  /**
   * @param build is called by several threads
   * @param dollarsPerHour of a machine of that instance type with its disk
   */
  ImageBuilds(Build build, InstantSource clock, Function<String, Optional<Double>> dollarsPerHour) {
    this.build = build;
    this.clock = clock;
    this.dollarsPerHour = dollarsPerHour;
  }

  /**
   * What came of them.
   *
   * @param items what became of each image, in the order of the distributions
   * @param bugs faults of ours among the failures, in the order in which they were met
   */
  record Outcome(List<ImageItem> items, List<Throwable> bugs) {
    /**
     * To be called once people know of the items.
     *
     * @throws IllegalStateException for the first fault of ours, with the others as suppressed
     */
    void throwBugs() {
      if (!bugs.isEmpty()) {
        IllegalStateException all = new IllegalStateException(bugs.get(0));
        bugs.stream().skip(1).forEach(all::addSuppressed);
        throw all;
      }
    }
  }

  /**
   * Makes them, and waits for all, whatever fails.
   *
   * @param distros one at least
   * @param atOnce how many at the same time
   */
  Outcome run(List<Distro> distros, int atOnce) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(atOnce);
    try {
      Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
      List<Future<ImageItem>> begun = new ArrayList<>();
      for (Distro distro : distros) {
        begun.add(pool.submit(() -> one(distro, bugs)));
      }
      pool.shutdown();
      List<ImageItem> items = new ArrayList<>();
      for (Future<ImageItem> future : begun) {
        items.add(future.get());
      }
      return new Outcome(items, List.copyOf(bugs));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause()); // only this thread interrupts those
    } finally {
      pool.shutdownNow();
    }
  }

  private ImageItem one(Distro distro, Queue<Throwable> bugs) throws InterruptedException {
    Instant begin = clock.instant();
    AtomicReference<String> type = new AtomicReference<>(LinuxImages.TYPE);
    try {
      MachineImage image = build.of(distro, type::set);
      return ImageItem.made(distro.name(), image, since(begin), dollarsPerHour.apply(type.get()));
    } catch (HgautoException e) {
      return ImageItem.failed(distro.name(), e, since(begin), dollarsPerHour.apply(type.get()));
    } catch (RuntimeException | Error e) {
      bugs.add(e);
      return ImageItem.faulty(distro.name(), e, since(begin), dollarsPerHour.apply(type.get()));
    }
  }

  private Duration since(Instant begin) {
    return Duration.between(begin, clock.instant());
  }
}
