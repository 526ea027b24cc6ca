package hgauto.cli;

import hgauto.release.MercurialVersion;
import hgauto.task.ReleaseStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hgauto release-status}. */
@Command(
    name = "release-status",
    header = "Say how far a release for Windows is.",
    description = {
      "",
      "Tells which of its packages are in dist in your checkout, on PyPI and on mercurial-scm.org,"
          + " with the first digits of their SHA-256, and which versions latest.dat offers.",
      "",
      "Examples:",
      "  hgauto release-status 7.2",
      "  hgauto release-status 7.2 --no-mercurial-scm-org    without SSH",
      ""
    })
final class ReleaseStatusCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Parameters(paramLabel = "VERSION", description = "The version, such as 7.2 or 7.2rc0.")
  private String version;

  @Mixin private SiteOptions site;

  ReleaseStatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Proxies.use(session.environment());
    return new ReleaseStatus(session.console(), session.environment())
        .run(
            new ReleaseStatus.Request(
                site.dist(), MercurialVersion.of(version), site.index(), site.site()));
  }
}
