package hgauto.cli;

import hgauto.error.UsageException;
import hgauto.poll.Poll;
import hgauto.release.MercurialVersion;
import hgauto.release.PublicFile;
import hgauto.task.PublishWindowsArtifacts;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hgauto publish-windows-artifacts}. */
@Command(
    name = "publish-windows-artifacts",
    header = "Publish a release's packages for Windows.",
    description = {
      "",
      "Uploads the wheels of a version from dist in your checkout to PyPI, by twine, and all of its"
          + " packages to mercurial-scm.org, by SFTP, and has latest.dat there offer the installers."
          + " Shows a plan and asks first. What is public already is skipped; nothing public is ever"
          + " replaced but latest.dat. A run that has failed is completed by running it again.",
      "Twine finds your credentials as it always does (TWINE_USERNAME and TWINE_PASSWORD, ~/.pypirc,"
          + " keyring), and SSH by your ssh_config, agent and keys. docs/releasing.md has more.",
      "",
      "Examples:",
      "  hgauto publish-windows-artifacts 7.2 --dry-run     show the plan",
      "  hgauto publish-windows-artifacts 7.2               publish",
      "  hgauto publish-windows-artifacts 7.2 --rollback dist/latest-windows-….dat",
      ""
    })
final class PublishWindowsArtifactsCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Parameters(paramLabel = "VERSION", description = "The version, such as 7.2 or 7.2rc0.")
  private String version;

  @Mixin private SiteOptions site;

  @Option(
      names = "--verify-url",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description = "Where visitors find that folder; what they get is compared at the end.")
  private URI visitors;

  @Option(
      names = "--rollback",
      paramLabel = "FILE",
      description = "Put this saved latest.dat back, and do nothing else.")
  private Path rollback;

  @Option(
      names = "--allow-partial",
      description = "Publish what is in dist even if packages are missing.")
  private boolean allowPartial;

  @Option(names = "--no-checksums", description = "Publish no file SHA256SUMS-VERSION.")
  private boolean noChecksums;

  @Option(names = "--dry-run", description = "Show the plan, and change nothing.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  PublishWindowsArtifactsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    MercurialVersion release = MercurialVersion.of(version);
    Proxies.use(session.environment());
    if (site.site().isEmpty() && (site.index().isEmpty() || rollback != null)) {
      throw new UsageException(
          "there is nothing to do",
          "the web site is left out",
          "Leave out --no-mercurial-scm-org.");
    }
    if (visitors != null) {
      PublicFile.checkFolder(visitors); // nothing of it is told before, for a password may be in it
      if (site.site().isEmpty()) {
        throw new UsageException(
            "there is nothing to compare at " + visitors,
            "the web site is left out",
            "Leave out --verify-url.");
      }
    }
    return new PublishWindowsArtifacts(
            session.console(),
            new PublishWindowsArtifacts.Person(
                session.home(), session.environment(), session.state()),
            Poll.real(),
            Clock.systemUTC())
        .run(
            new PublishWindowsArtifacts.Request(
                site.dist(),
                release,
                site.index(),
                site.site(),
                Optional.ofNullable(visitors),
                Optional.ofNullable(rollback),
                allowPartial,
                !noChecksums,
                dryRun,
                yes));
  }
}
