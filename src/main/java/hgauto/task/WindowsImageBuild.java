package hgauto.task;

import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.console.Console;
import hgauto.state.DebugLog;
import hgauto.state.StateFolder;
import hgauto.windows.WindowsDependencies;
import hgauto.windows.WindowsImages;
import java.nio.file.Path;
import java.util.Optional;
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

  /** The image that was found, or else one that is made now. */
  ReadyImage ready(ImageSeries base, Optional<MachineImage> found) throws InterruptedException {
    return ReadyImage.of(found, WindowsImages.TYPE, launched -> run(base, launched));
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
