package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.Answer;
import hgauto.aws.LambdaFunction;
import hgauto.aws.Parallel;
import hgauto.console.Console;
import hgauto.error.UsageException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.poll.Poll;
import hgauto.process.OnShutdown;
import hgauto.tryserver.Run;
import hgauto.tryserver.Submission;
import hgauto.tryserver.TryServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Submits a changeset to a Try Server, follows its run where the server shows it, and tells the
 * verdict.
 */
public final class SubmitTry {
  /** How many changed files a warning names. */
  private static final int NAMED = 5;

  private final Console console;
  private final Hg hg;
  private final Account account;
  private final Function<Checkout, TryServer> embeddedServer;
  private final Browser browser;

  /**
   * What to submit, and where.
   *
   * @param folder in the checkout
   * @param revision names one changeset
   * @param target the server, or empty for Lambda with credentials and the embedded server without
   * @param function the Lambda function's name
   * @param follow whether to follow the run to its end
   * @param open whether to open the results in a browser
   * @param testFlags arguments for run-tests.py
   */
  public record Request(
      Path folder,
      String revision,
      Optional<TryTarget> target,
      String function,
      boolean follow,
      boolean open,
      List<String> testFlags) {}

  /**
   * Where a submission goes.
   *
   * @param root a self-hosted server's address, else null
   * @param function is ready to be invoked; null for the embedded server, which is to be started
   */
  private record Destination(TryTarget target, URI root, LambdaFunction function) {}

  /**
   * @param account asked only when the submission goes there, or nothing else was asked for
   * @param embeddedServer starts a server for a checkout
   */
  public SubmitTry(
      Console console,
      Hg hg,
      Account account,
      Function<Checkout, TryServer> embeddedServer,
      Browser browser) {
    this.console = console;
    this.hg = hg;
    this.account = account;
    this.embeddedServer = embeddedServer;
    this.browser = browser;
  }

  /**
   * Carries out the request.
   *
   * @return the exit code: 0 when the tests passed or were not waited for, else run-tests.py's, or
   *     1 without a verdict
   */
  public int run(Request request) throws InterruptedException {
    if (request.target().filter(TryTarget.Embedded.class::isInstance).isPresent()) {
      mustFollow(request);
    }
    // What needs no answer from the other is asked at the same time.
    Future<Destination> destination = Parallel.start(() -> destination(request));
    Checkout checkout = Checkout.find(request.folder(), hg);
    Future<List<String>> uncommitted = Parallel.start(checkout::uncommitted);
    Changeset changeset = checkout.resolve(request.revision());
    Submission submission =
        new Submission(
            checkout.bundle(changeset),
            changeset.node(),
            changeset.branch(),
            changeset.user(),
            changeset.description(),
            request.testFlags());
    List<String> files = Parallel.get(uncommitted);
    checkout
        .unfinished(!files.isEmpty())
        .ifPresent(
            what ->
                console.warn(
                    what
                        + " is under way here; changeset "
                        + changeset.shortNode()
                        + " is submitted as it is"));
    warnOf(files);
    announce(changeset);
    return submit(request, Parallel.get(destination), checkout, submission);
  }

  private Destination destination(Request request) {
    TryTarget target = request.target().orElseGet(this::defaultTarget);
    if (target instanceof TryTarget.Embedded) {
      return new Destination(target, null, null);
    }
    URI root = target instanceof TryTarget.SelfHosted server ? server.root() : null;
    LambdaFunction function = new LambdaFunction(account, request.function(), root);
    function.prepare();
    return new Destination(target, root, function);
  }

  private TryTarget defaultTarget() {
    return account.hasCredentials() ? new TryTarget.Lambda() : new TryTarget.Embedded();
  }

  private int submit(
      Request request, Destination destination, Checkout checkout, Submission submission)
      throws InterruptedException {
    if (destination.target() instanceof TryTarget.Embedded) {
      return submitEmbedded(request, checkout, submission);
    }
    URI root = destination.root();
    console.info(
        "submitting to "
            + (root == null
                ? "Lambda function " + request.function() + " in region " + account.region()
                : root));
    Answer answer = destination.function().invoke(submission.toJson());
    answer.messages().forEach(message -> console.result("remote: " + message));
    if (request.open()) {
      openPage(answer.run());
    }
    if (answer.run() == null || !request.follow()) {
      console.json(TryReport.submitted(submission, answer));
      return 0;
    }
    return OnShutdown.during(
        () -> follow(submission, answer, Optional.empty()),
        () -> console.lastWord("interrupted: the run goes on at " + answer.run()));
  }

  private int submitEmbedded(Request request, Checkout checkout, Submission submission)
      throws InterruptedException {
    mustFollow(request);
    console.info(
        request.target().isPresent()
            ? "starting the embedded Try Server; the tests run on this machine"
            : "there are no AWS credentials, so the tests run on this machine, on an embedded Try"
                + " Server (choose with --server)");
    try (TryServer server = embeddedServer.apply(checkout)) {
      return OnShutdown.during(
          () -> submitTo(server, request, submission), () -> endEmbedded(server));
    }
  }

  private static void mustFollow(Request request) {
    if (!request.follow()) {
      throw new UsageException(
          "--no-wait needs a Try Server that goes on by itself",
          "the embedded one ends with this command",
          "Leave out --no-wait, or start one with hgauto try-server and name it with --server.");
    }
  }

  private int submitTo(TryServer server, Request request, Submission submission)
      throws InterruptedException {
    Account own = Account.withCredentials(server.accessKey());
    Answer answer =
        new LambdaFunction(own, TryServer.FUNCTION, server.root()).invoke(submission.toJson());
    answer.messages().forEach(message -> console.info("remote: " + message));
    if (request.open()) {
      openPage(answer.run());
    }
    return follow(submission, answer, Optional.of(server));
  }

  private void endEmbedded(TryServer server) {
    console.lastWord("interrupted: ending the tests and the embedded Try Server");
    server.close();
  }

  private int follow(Submission submission, Answer answer, Optional<TryServer> embedded)
      throws InterruptedException {
    RunFollower follower = new RunFollower(Poll.real(), Clock.systemUTC(), answer.run());
    Run run = follower.follow(console::result);
    URI results = embedded.map(server -> server.pageFile(run.id()).toUri()).orElse(answer.run());
    TryReport report = TryReport.ended(submission, answer, results, run, follower.failedTests());
    report.lines().forEach(console::result);
    console.json(report);
    return report.exitCode();
  }

  private void warnOf(List<String> uncommitted) {
    if (!uncommitted.isEmpty()) {
      int more = uncommitted.size() - NAMED;
      console.warn(
          "uncommitted changes are not submitted: "
              + String.join(", ", uncommitted.subList(0, Math.min(NAMED, uncommitted.size())))
              + (more > 0 ? " and " + more + " more" : ""));
    }
  }

  private void announce(Changeset changeset) {
    console.result("resolved revision:");
    console.result("node: " + changeset.node());
    console.result("branch: " + changeset.branch());
    console.result("user: " + changeset.user());
    console.result("desc: " + changeset.title());
    console.result("");
  }

  private void openPage(URI results) {
    if (results == null) {
      console.warn("this Try Server named no page to open");
    } else if (!browser.open(results)) {
      console.warn("no browser could be started; the results are at " + results);
    }
  }
}
