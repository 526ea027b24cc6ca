package hgauto.cli;

import hgauto.aws.image.WindowsBase;
import hgauto.poll.Poll;
import hgauto.task.BootstrapWindowsDev;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin private MercurialOptions mercurial;

  @Mixin private WindowsOptions windows;

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
                windows.revision(),
                WindowsBase.named(windows.baseImage()),
                launch.terms()));
  }
}
