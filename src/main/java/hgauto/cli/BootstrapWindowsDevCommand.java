package hgauto.cli;

import hgauto.aws.image.WindowsBase;
import hgauto.poll.Poll;
import hgauto.task.BootstrapWindowsDev;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hgauto bootstrap-windows-dev}. */
@Command(
    name = "bootstrap-windows-dev",
    header = "Make an EC2 image of Windows to build Mercurial in.",
    description = {
      "",
      "Makes it unless it is there, on a machine that takes about an hour for it. The revision's"
          + " contrib/install-windows-dependencies.ps1 installs what Mercurial is built with; images"
          + " for revisions where that differs stand side by side. What the machine"
          + " prints also goes to a log in the state folder. An image costs what its disk does until"
          + " purge-ec2-resources removes it.",
      "",
      "Examples:",
      "  hgauto bootstrap-windows-dev                for the revision you are on",
      "  hgauto bootstrap-windows-dev --base-image-name WINDOWS-2025",
      ""
    })
final class BootstrapWindowsDevCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Option(
      names = "--base-image-name",
      paramLabel = "NAME",
      description =
          "What to make it of: WINDOWS-2019, WINDOWS-2022, WINDOWS-2025, or a pattern for the names"
              + " of Amazon's images (default: ${DEFAULT-VALUE}).")
  private String baseImageName = WindowsBase.WINDOWS_2022.title();

  @Option(
      names = {"-r", "--rev", "--revision"},
      paramLabel = "REV",
      description = "The revision of Mercurial, as hg takes it (default: ${DEFAULT-VALUE}).")
  private String revision = ".";

  @Mixin private MercurialOptions mercurial;

  @Mixin private LaunchOptions launch;

  BootstrapWindowsDevCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new BootstrapWindowsDev(
            session.console(), session.account(), session.state(), Poll.real())
        .run(
            new BootstrapWindowsDev.Request(
                mercurial.checkout(mercurial.hg(session.environment())),
                revision,
                WindowsBase.named(baseImageName),
                launch.terms()));
  }
}
