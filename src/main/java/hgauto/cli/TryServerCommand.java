package hgauto.cli;

import hgauto.error.UsageException;
import hgauto.hg.Hg;
import hgauto.task.ServeTry;
import hgauto.tryserver.JobSettings;
import hgauto.tryserver.TryServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hgauto try-server}. */
@Command(
    name = "try-server",
    header = "Run a Try Server on this machine.",
    description = {
      "",
      "Takes submissions as the Lambda function does, from hgauto try --server URL and from"
          + " automation.py by endpoint_url, and shows the results as web pages. Runs one run at a"
          + " time, until Ctrl-C. Submitters need the file try/credentials of the state folder.",
      ""
    })
final class TryServerCommand implements Callable<Integer>, LoggedCommand {
  static final Duration DEFAULT_TIME_LIMIT = Duration.ofHours(2);

  private final Session session;

  @Mixin private MercurialOptions mercurial;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      converter = AddressConverter.class,
      defaultValue = "127.0.0.1:8080",
      description =
          "The address to listen on (default: ${DEFAULT-VALUE}). Beyond loopback, whoever holds the"
              + " credentials can run code here from other machines.")
  private InetSocketAddress listen;

  @Option(
      names = "--source",
      paramLabel = "URL",
      description =
          "The repository that submissions build on, a URL or a path (default: the checkout's public"
              + " changesets).")
  private String source;

  @Option(
      names = "--job-user",
      paramLabel = "NAME",
      description =
          "The account that jobs run as; the server must be root. It must be for this alone: all its"
              + " processes are ended with a job.")
  private String jobUser;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long the build, and how long the tests of a run may take, such as 90m (default: 2h).")
  private Duration timeLimit = DEFAULT_TIME_LIMIT;

  @Option(
      names = "--keep-runs",
      paramLabel = "N",
      description =
          "How many finished runs are kept, remembered in the state folder (at first: 100).")
  private Integer keepRuns;

  TryServerCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (keepRuns != null && keepRuns < 1) {
      throw new UsageException("cannot keep " + keepRuns + " runs", "", "Keep 1 or more.");
    }
    Path folder = session.state().tryServer();
    Hg hg = mercurial.hg(session.environment());
    TryServer.Settings settings =
        new TryServer.Settings(
            listen,
            folder,
            JobSettings.here(Optional.ofNullable(jobUser), timeLimit, session.environment()),
            keepRuns);
    new ServeTry(session.console(), () -> start(settings, hg))
        .run(folder.resolve("credentials"), !listen.getAddress().isLoopbackAddress(), jobUser);
    return 0;
  }

  private TryServer start(TryServer.Settings settings, Hg hg) {
    return source == null
        ? TryServer.forCheckout(settings, hg, mercurial.checkout(hg))
        : TryServer.forSource(settings, hg, source);
  }
}
