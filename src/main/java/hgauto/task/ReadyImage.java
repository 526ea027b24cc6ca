package hgauto.task;

import hgauto.aws.image.MachineImage;
import hgauto.suite.MachineTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * An image of ours that machines can be launched from.
 *
 * @param madeOn the machine that it was made on, if it was missing
 */
record ReadyImage(MachineImage image, Optional<MachineTime> madeOn) {
  /** Makes one, and tells the instance type of the machine once that is there. */
  @FunctionalInterface
  interface Build {
    MachineImage run(Consumer<String> launched) throws InterruptedException;
  }

  /**
   * The one that was found, or else one that is made now.
   *
   * @param typeWanted of the machine that it is made on
   */
  static ReadyImage of(Optional<MachineImage> found, String typeWanted, Build build)
      throws InterruptedException {
    if (found.isPresent()) {
      return new ReadyImage(found.get(), Optional.empty());
    }
    long began = System.nanoTime();
    AtomicReference<String> type = new AtomicReference<>(typeWanted);
    MachineImage image = build.run(type::set);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    return new ReadyImage(image, Optional.of(new MachineTime(Optional.of(type.get()), took)));
  }
}
