package hgauto.cli;

import hgauto.aws.image.WindowsBase;
import hgauto.error.UsageException;
import hgauto.poll.Poll;
import hgauto.suite.TestFlags;
import hgauto.task.RunTestsWindows;
import hgauto.windows.test.WindowsPython;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hgauto run-tests-windows}. */
@Command(
    name = "run-tests-windows",
    header = "Run Mercurial's tests on Windows machines.",
    description = {
      "",
      "Launches machines in EC2, pushes one changeset to them, and runs tests/run-tests.py, which"
          + " builds it, under MSYS, with Defender's real-time protection off. What that prints is"
          + " passed on as it comes. The machines are ended at the end.",
      "",
      "The exit code is that of run-tests.py, as for run-tests-linux.",
      "",
      "Examples:",
      "  hgauto run-tests-windows                           all tests",
      "  hgauto run-tests-windows --instances 4             divided over machines",
      "  hgauto run-tests-windows -r abcdef -- test-add.t   one test",
      "  hgauto run-tests-windows --test-flags \"-j4 -k add\" flags in one argument",
      ""
    })
final class RunTestsWindowsCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Mixin private MercurialOptions mercurial;

  @Option(
      names = {"-r", "--rev", "--revision"},
      paramLabel = "REV",
      description = "The changeset, as hg takes it (default: ${DEFAULT-VALUE}).")
  private String revision = ".";

  @Option(
      names = "--include-uncommitted",
      description = "Test what is not committed, too; nothing is committed here.")
  private boolean includeUncommitted;

  @Option(
      names = "--python-version",
      paramLabel = "VERSION",
      description =
          "What to run them under, such as 3.12, as far as the changeset's"
              + " contrib/install-windows-dependencies.ps1 installs it (default: ${DEFAULT-VALUE}).")
  private String python = WindowsPython.DEFAULT_VERSION;

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      description = "That Python's architecture: x86 or x64 (default: ${DEFAULT-VALUE}).")
  private String arch = WindowsPython.DEFAULT_ARCH;

  @Option(
      names = "--instance-type",
      paramLabel = "TYPE",
      description =
          "The type of the machines; where there is no room, one like it (default:"
              + " ${DEFAULT-VALUE}).")
  private String type = RunTestsWindows.DEFAULT_TYPE;

  @Option(
      names = "--instances",
      paramLabel = "N",
      description = "Divide the tests over so many machines (default: ${DEFAULT-VALUE}).")
  private int instances = 1;

  @Option(
      names = "--spot",
      description = "Take spare capacity of EC2, which costs less and may be taken back.")
  private boolean spot;

  @Option(
      names = "--base-image-name",
      paramLabel = "NAME",
      description =
          "What the machines are made from: WINDOWS-2019, WINDOWS-2022, WINDOWS-2025, or a pattern"
              + " for the names of Amazon's images (default: ${DEFAULT-VALUE}).")
  private String baseImage = WindowsBase.WINDOWS_2022.title();

  @Mixin private LaunchOptions launch;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long the tests may take, with the build before them (default: 3h).")
  private Duration timeLimit = Duration.ofHours(3);

  @Option(
      names = "--test-flags",
      paramLabel = "FLAGS",
      description =
          "Tests and flags for run-tests.py, split as by a shell, but nothing is expanded; instead"
              + " of TEST_FLAGS.")
  private String testFlagsText;

  @Parameters(
      paramLabel = "TEST_FLAGS",
      description = "After --: tests and flags for run-tests.py, such as -- test-add.t --time")
  private List<String> testFlags = List.of();

  RunTestsWindowsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    TestInstances.check(instances, timeLimit, launch.terms());
    return new RunTestsWindows(
            session.console(),
            mercurial.hg(session.environment()),
            session.account(),
            session.state(),
            Poll.real())
        .run(
            new RunTestsWindows.Request(
                mercurial.folder(),
                revision,
                includeUncommitted,
                TestFlags.of(flags()),
                new WindowsPython(python, arch),
                timeLimit,
                baseImage,
                type,
                instances,
                spot,
                launch.terms()));
  }

  private List<String> flags() {
    if (testFlagsText == null) {
      return testFlags;
    }
    if (!testFlags.isEmpty()) {
      throw new UsageException(
          "--test-flags and flags after -- exclude each other",
          "both are for run-tests.py",
          "Use one of them.");
    }
    return ShellWords.of(testFlagsText);
  }
}
