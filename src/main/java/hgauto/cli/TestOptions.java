package hgauto.cli;

import hgauto.aws.lease.LaunchTerms;
import hgauto.error.UsageException;
import hgauto.hg.Hg;
import hgauto.suite.TestFlags;
import hgauto.task.TestsRequest;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands have in common that run tests on other machines. */
final class TestOptions {
  /** More would hardly be faster: to prepare a machine takes as long as its tests then. */
  private static final int MOST_INSTANCES = 64;

  @Mixin private MercurialOptions mercurial;

  @Option(
      names = "--include-uncommitted",
      description = "Test what is not committed, too; nothing is committed here.")
  private boolean includeUncommitted;

  @Option(
      names = "--instances",
      paramLabel = "N",
      description = "Divide the tests over so many machines in EC2 (default: ${DEFAULT-VALUE}).")
  private int instances = 1;

  @Option(
      names = "--spot",
      description = "Take spare capacity of EC2, which costs less and may be taken back.")
  private boolean spot;

  @Mixin private LaunchOptions launch;

  @Parameters(
      paramLabel = "TEST_FLAGS",
      description = "After --: tests and flags for run-tests.py, such as -- test-add.t --time")
  private List<String> testFlags = List.of();

  Hg hg(Session session) {
    return mercurial.hg(session.environment());
  }

  /** As they follow {@code --}. */
  List<String> testFlags() {
    return testFlags;
  }

  TestsRequest request(String revision, List<String> flags) {
    return new TestsRequest(mercurial.folder(), revision, includeUncommitted, TestFlags.of(flags));
  }

  /**
   * How many machines in EC2.
   *
   * @param timeLimit how long the tests may take
   * @throws UsageException if that cannot be, or the machines would end before
   */
  int instances(Duration timeLimit) {
    if (instances < 1 || instances > MOST_INSTANCES) {
      throw new UsageException(
          "cannot run tests on " + instances + " machines",
          "",
          "Say --instances 1 to " + MOST_INSTANCES + ".");
    }
    Duration lifetime = terms().maxLifetime();
    if (timeLimit.compareTo(lifetime) >= 0) {
      throw new UsageException(
          "the tests cannot have --time-limit " + timeLimit.toMinutes() + "m",
          "the machines end themselves after " + lifetime.toMinutes() + " minutes",
          "Say a longer --max-lifetime, or a shorter --time-limit.");
    }
    return instances;
  }

  boolean spot() {
    return spot;
  }

  LaunchTerms terms() {
    return launch.terms();
  }
}
