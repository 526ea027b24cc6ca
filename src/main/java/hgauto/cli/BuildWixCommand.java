package hgauto.cli;

import hgauto.windows.build.PackageKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hgauto build-wix}. */
@Command(
    name = "build-wix",
    header = "Build Mercurial's MSI installers.",
    description = {
      "",
      "Builds an msi for each architecture, on a machine in EC2 that is ended then. They come to"
          + " dist in your checkout. Those that hgauto-VERSION.json there names already are not built"
          + " again.",
      "",
      "Examples:",
      "  hgauto build-wix -r 7.2                     for x64",
      "  hgauto build-wix -r 7.2 --arch x86 x64      for both",
      ""
    })
final class BuildWixCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Mixin private InstallerOptions options;

  BuildWixCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return options.build(session, PackageKind.WIX);
  }
}
