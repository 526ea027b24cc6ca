package hgauto.cli;

import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.task.Browser;
import hgauto.task.SubmitTry;
import hgauto.task.TryTarget;
import hgauto.tryserver.JobSettings;
import hgauto.tryserver.TryServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hgauto try}. */
@Command(
    name = "try",
    header = "Test a changeset on a Try Server; tell the verdict.",
    description = {
      "",
      "Submits one changeset with its draft ancestors; a public one is submitted by itself."
          + " Uncommitted changes are not submitted. On the embedded server, and on a self-hosted one,"
          + " the log is followed and the exit code is that of Mercurial's run-tests.py.",
      "",
      "Examples:",
      "  hgauto try                         the changeset you are on, all tests",
      "  hgauto try -r abcdef -- test-add.t one test, for another changeset",
      "  hgauto try --server embedded       on this machine, whatever AWS says",
      "  AWS_PROFILE=hg hgauto try          on the Try Server of that AWS account",
      ""
    })
final class TryCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Mixin private MercurialOptions mercurial;

  @Option(
      names = {"-r", "--rev"},
      paramLabel = "REV",
      description = "The changeset, as hg takes it (default: ${DEFAULT-VALUE}).")
  private String revision = ".";

  @Option(
      names = "--server",
      paramLabel = "SERVER",
      converter = TryTargetConverter.class,
      description =
          "lambda: the Lambda function, by your AWS credentials; embedded: this machine; or the URL"
              + " of an hgauto try-server (default: lambda with credentials, else embedded).")
  private TryTarget server;

  @Option(
      names = "--function",
      paramLabel = "NAME",
      description = "The Lambda function (default: ${DEFAULT-VALUE}).")
  private String function = TryServer.FUNCTION;

  @Option(names = "--no-wait", description = "Submit only; do not follow the run.")
  private boolean noWait;

  @Option(names = "--open", description = "Open the results in a browser.")
  private boolean open;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Embedded server: how long the build, and how long the tests may take (default: 2h).")
  private Duration timeLimit = TryServerCommand.DEFAULT_TIME_LIMIT;

  @Parameters(
      paramLabel = "TEST_FLAGS",
      description = "After --: tests and flags for run-tests.py, such as -- test-add.t --time")
  private List<String> testFlags = List.of();

  TryCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Hg hg = mercurial.hg(session.environment());
    SubmitTry task =
        new SubmitTry(
            session.console(),
            hg,
            session.account(),
            checkout -> embeddedServer(hg, checkout),
            Browser.ofThisSystem());
    return task.run(
        new SubmitTry.Request(
            mercurial.folder(),
            revision,
            Optional.ofNullable(server),
            function,
            !noWait,
            open,
            testFlags));
  }

  private TryServer embeddedServer(Hg hg, Checkout checkout) {
    TryServer.Settings settings =
        new TryServer.Settings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            session.state().tryServer(),
            JobSettings.here(Optional.empty(), timeLimit, session.environment()),
            null);
    return TryServer.forCheckout(settings, hg, checkout);
  }
}
