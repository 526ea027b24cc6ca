package hgauto.task;

import hgauto.aws.image.MachineImage;
import hgauto.console.Console;
import hgauto.linux.BootstrapFiles;
import hgauto.linux.Distro;
import hgauto.state.DebugLog;
import hgauto.state.StateFolder;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Makes an image of ours, and tells how that gets on: each line with the distribution before it,
 * and in a log of its own.
 */
final class ImageBuild {
  private final Console console;
  private final StateFolder state;
  private final Ec2Access.Open ec2;
  private final BootstrapFiles files;

  ImageBuild(Console console, StateFolder state, Ec2Access.Open ec2, BootstrapFiles files) {
    this.console = console;
    this.state = state;
    this.ec2 = ec2;
    this.files = files;
  }

  /** Makes it; see {@link hgauto.linux.LinuxImages#build}. */
  MachineImage run(Distro distro, Consumer<String> launched) throws InterruptedException {
    Path log = DebugLog.create(state, "bootstrap-" + distro.name());
    console.info(distro.name() + ": the log is " + log);
    try (LinesAndLog output =
        new LinesAndLog(line -> console.info(distro.name() + ": " + line), log)) {
      MachineImage image = ec2.images(files, output::line).build(distro, output, launched);
      output.line("made " + image.id() + " (" + image.name() + ")");
      return image;
    }
  }
}
