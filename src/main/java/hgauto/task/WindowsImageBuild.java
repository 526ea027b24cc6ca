package hgauto.task;

import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.console.Console;
import hgauto.state.DebugLog;
import hgauto.state.StateFolder;
import hgauto.suite.MachineTime;
import hgauto.windows.WindowsDependencies;
import hgauto.windows.WindowsImages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Makes an image of Windows, and tells how that gets on, in a log of its own, too. */
final class WindowsImageBuild {
  private final Console console;
  private final StateFolder state;
  private final Ec2Access.OpenWindows ec2;
  private final WindowsDependencies dependencies;

  WindowsImageBuild(
      Console console,
      StateFolder state,
      Ec2Access.OpenWindows ec2,
      WindowsDependencies dependencies) {
    this.console = console;
    this.state = state;
    this.ec2 = ec2;
    this.dependencies = dependencies;
  }

  /**
   * An image of ours.
   *
   * @param madeOn the machine that it was made on, if it was missing
   */
  record Ready(MachineImage image, Optional<MachineTime> madeOn) {}

  /** Finds the image for the changeset, or makes it, which takes about an hour. */
  Ready ready(ImageSeries base) throws InterruptedException {
    Optional<MachineImage> found = ec2.images(dependencies, console::info).find(base);
    if (found.isPresent()) {
      return new Ready(found.get(), Optional.empty());
    }
    console.info(
        "there is no image of " + base.name() + " for this changeset yet; it takes about 60 min");
    long began = System.nanoTime();
    AtomicReference<String> type = new AtomicReference<>(WindowsImages.TYPE);
    MachineImage image = run(base, type::set);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    return new Ready(image, Optional.of(new MachineTime(Optional.of(type.get()), took)));
  }

  /** Makes it; see {@link hgauto.windows.WindowsImages#build}. */
  MachineImage run(ImageSeries base, Consumer<String> launched) throws InterruptedException {
    Path log = DebugLog.create(state, "bootstrap-windows");
    console.info("the log is " + log);
    try (LinesAndLog output = new LinesAndLog(console::info, log)) {
      return ec2.images(dependencies, output::line).build(base, output, launched);
    }
  }
}
