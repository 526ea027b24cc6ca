package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.WindowsBase;
import hgauto.aws.lease.InstanceTypes;
import hgauto.aws.lease.LaunchTerms;
import hgauto.console.Console;
import hgauto.hg.Hg;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.suite.Forecast;
import hgauto.suite.MachineTime;
import hgauto.suite.TestSource;
import hgauto.suite.TestTimes;
import hgauto.windows.Ec2WindowsMachines;
import hgauto.windows.WindowsDependencies;
import hgauto.windows.WindowsImages;
import hgauto.windows.test.WindowsPreparation;
import hgauto.windows.test.WindowsPython;
import hgauto.windows.test.WindowsTestSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs Mercurial's tests of one changeset on Windows machines. */
public final class RunTestsWindows {
  /**
   * What machines are unless something else is said. The t3.medium of automation.py has two
   * processors, and what it does all the time beyond a fifth of them costs extra; for each
   * processor that works this costs as much, and has eight of them.
   */
  public static final String DEFAULT_TYPE = "c7i.2xlarge";

  /** By a guess: Windows starts and opens itself, run-tests.py builds Mercurial. */
  private static final Duration SETUP = Duration.ofMinutes(10);

  private final Console console;
  private final Hg hg;
  private final Account account;
  private final StateFolder state;
  private final Poll poll;

  /**
   * What to test, and where.
   *
   * @param timeLimit how long the tests may take, with Mercurial's build before them
   * @param baseImage what the machines are made from, as the person says
   * @param type such as {@code c7i.2xlarge}; others that do as well are taken where there is no
   *     room
   * @param instances how many machines
   * @param spot whether to take spare capacity, which costs less and may be taken back
   */
  public record Request(
      TestsRequest tests,
      WindowsPython python,
      Duration timeLimit,
      String baseImage,
      String type,
      int instances,
      boolean spot,
      LaunchTerms terms) {}

  /**
   * @param account where the machines are
   * @param state has the key, and gets the results
   */
  public RunTestsWindows(Console console, Hg hg, Account account, StateFolder state, Poll poll) {
    this.console = console;
    this.hg = hg;
    this.account = account;
    this.state = state;
    this.poll = poll;
  }

  /**
   * Carries out the request.
   *
   * @return the exit code; see {@link hgauto.suite.SuiteResult}
   * @throws hgauto.error.HgautoException what has ended the tests before their end, or what could
   *     not be ended; what is known was told before
   */
  public int run(Request request) throws InterruptedException {
    return new RunTests(console, hg, state).run(request.tests(), new Machines(request));
  }

  private final class Machines implements RunTests.Machines {
    private final Request request;

    Machines(Request request) {
      this.request = request;
    }

    @Override
    public String system() {
      return "windows";
    }

    @Override
    public int count() {
      return request.instances();
    }

    @Override
    public String timesName() {
      return "windows-" + request.python();
    }

    @Override
    public TestsReport.Place place() {
      return new TestsReport.Place(
          request.python().version(),
          request.python().arch(),
          null,
          null,
          request.baseImage(),
          request.type(),
          null,
          request.spot());
    }

    @Override
    public RunTests.Ready ready(TestSource source, TestTimes times) throws InterruptedException {
      WindowsDependencies dependencies =
          WindowsDependencies.of(source.checkout(), source.changeset());
      request.python().refuseMissing(dependencies);
      ImageSeries base = WindowsBase.named(request.baseImage());
      Ec2Access access = new Ec2Access(console, account, state, poll, "run-tests-windows");
      Optional<MachineImage> found = access.find(base, dependencies, request.terms());
      Forecast forecast =
          Forecast.of(
              request.tests().flags().given(),
              request.instances(),
              times,
              Ec2TestMachines.processors(request.type()));
      console.info(
          forecast.words(
                  request.type(),
                  ImageEstimate.WINDOWS.perHour(request.type()),
                  request.spot(),
                  SETUP)
              + ImageEstimate.WINDOWS.before(WindowsBase.OUR_NAME + " of " + base.name(), found));
      Ec2Access.OpenWindows ec2 = access.openWindows(request.terms());
      ReadyImage image =
          new WindowsImageBuild(console, state, ec2, dependencies).ready(base, found);
      Ec2WindowsMachines.Wanted wanted =
          new Ec2WindowsMachines.Wanted(
              image.image(),
              InstanceTypes.orSimilar(request.type()),
              WindowsImages.DISK_GIB,
              request.spot());
      WindowsTestSettings settings =
          new WindowsTestSettings(
              request.python(), request.timeLimit(), times, SshKey.file(state.keys()));
      return new RunTests.Ready(
          new WindowsPreparation(
              ec2.machines(console::info), wanted, source, settings, console::info, console::warn),
          forecast.machines(),
          image.madeOn(),
          "the tests are ended, and so are their machines");
    }

    @Override
    public Optional<Double> dollars(List<MachineTime> machines, Optional<MachineTime> forImage) {
      return MachineCost.of(
          Stream.concat(machines.stream(), forImage.stream()).toList(),
          request.type(),
          ImageEstimate.WINDOWS::perHour);
    }
  }
}
