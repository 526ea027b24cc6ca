package hgauto.cli;

import hgauto.error.UsageException;
import hgauto.poll.Poll;
import hgauto.task.RunTestsWindows;
import hgauto.windows.test.WindowsPython;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Mixin private TestOptions options;

  @Mixin private WindowsOptions windows;

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

  RunTestsWindowsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    int instances = options.instances(timeLimit);
    return new RunTestsWindows(
            session.console(), options.hg(session), session.account(), session.state(), Poll.real())
        .run(
            new RunTestsWindows.Request(
                options.request(windows.revision(), flags()),
                new WindowsPython(python, arch),
                timeLimit,
                windows.baseImage(),
                type,
                instances,
                options.spot(),
                options.terms()));
  }

  private List<String> flags() {
    if (testFlagsText == null) {
      return options.testFlags();
    }
    if (!options.testFlags().isEmpty()) {
      throw new UsageException(
          "--test-flags and flags after -- exclude each other",
          "both are for run-tests.py",
          "Use one of them.");
    }
    return ShellWords.of(testFlagsText);
  }
}
