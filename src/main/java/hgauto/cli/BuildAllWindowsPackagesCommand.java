package hgauto.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hgauto build-all-windows-packages}. */
@Command(
    name = "build-all-windows-packages",
    header = "Build all of Mercurial's packages for Windows.",
    description = {
      "",
      "Builds the wheels and installers that there are of a version, on machines in EC2 that are"
          + " ended then. They come to dist in your checkout, where hgauto-VERSION.json names"
          + " them. What that names already is not built again; so a run that has failed in part is"
          + " completed by another one.",
      "",
      "Examples:",
      "  hgauto build-all-windows-packages -r 7.2                  of a release",
      "  hgauto build-all-windows-packages -r 7.2 --instances 4    on four machines",
      "  hgauto build-all-windows-packages --version 7.3rc0        without a tag",
      ""
    })
final class BuildAllWindowsPackagesCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Mixin private PackageOptions options;

  BuildAllWindowsPackagesCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return options.build(session, Optional.empty());
  }
}
