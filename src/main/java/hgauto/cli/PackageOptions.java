package hgauto.cli;

import hgauto.error.UsageException;
import hgauto.poll.Poll;
import hgauto.release.MercurialVersion;
import hgauto.task.BuildWindowsPackages;
import hgauto.windows.build.PackageChoice;
import hgauto.windows.build.PackagesForecast;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands have in common that build packages for Windows. */
final class PackageOptions {
  @Mixin private MercurialOptions mercurial;

  @Mixin private WindowsOptions windows;

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      description = "The version of the packages, such as 7.2rc0 (default: the changeset's tag).")
  private String version;

  @Option(
      names = "--rebuild",
      description = "Build even what is in dist already, and begin anew for another changeset.")
  private boolean rebuild;

  @Option(
      names = "--instances",
      paramLabel = "N",
      description =
          "Build on so many machines, one package each (default: the most that cost little more"
              + " than one; how many that are is said before).")
  private Integer instances;

  @Mixin private LaunchOptions launch;

  /**
   * Builds packages.
   *
   * @param choice which ones; empty for all
   * @return the exit code
   */
  int build(Session session, Optional<PackageChoice> choice) throws InterruptedException {
    if (instances != null && (instances < 1 || instances > PackagesForecast.MOST_MACHINES)) {
      throw new UsageException(
          "cannot build packages on " + instances + " machines",
          "",
          "Say --instances 1 to " + PackagesForecast.MOST_MACHINES + ".");
    }
    return new BuildWindowsPackages(
            session.console(),
            mercurial.hg(session.environment()),
            session.account(),
            session.state(),
            Poll.real())
        .run(
            new BuildWindowsPackages.Request(
                mercurial.folder(),
                windows.revision(),
                Optional.ofNullable(version).map(MercurialVersion::of),
                choice,
                rebuild,
                instances == null ? OptionalInt.empty() : OptionalInt.of(instances),
                windows.baseImage(),
                launch.terms()));
  }
}
