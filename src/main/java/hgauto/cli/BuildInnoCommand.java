package hgauto.cli;

import hgauto.windows.build.PackageKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hgauto build-inno}. */
@Command(
    name = "build-inno",
    header = "Build Mercurial's Inno Setup installers.",
    description = {
      "",
      "Builds an exe for each architecture, on a machine in EC2 that is ended then. They come to"
          + " dist in your checkout. Those that hgauto-VERSION.json there names already are not built"
          + " again.",
      "",
      "Examples:",
      "  hgauto build-inno -r 7.2                     for x64",
      "  hgauto build-inno -r 7.2 --arch x86 x64      for both",
      ""
    })
final class BuildInnoCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Mixin private InstallerOptions options;

  BuildInnoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return options.build(session, PackageKind.INNO);
  }
}
