package hgauto.task;

import hgauto.aws.Account;
import hgauto.console.Console;
import hgauto.hg.Hg;
import hgauto.linux.Filesystem;
import hgauto.linux.HostWorkers;
import hgauto.linux.Preparation;
import hgauto.linux.PythonVersion;
import hgauto.linux.TestSettings;
import hgauto.linux.Workers;
import hgauto.machine.HostKeys;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.suite.Forecast;
import hgauto.suite.MachineTime;
import hgauto.suite.TestSource;
import hgauto.suite.TestTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Runs Mercurial's tests of one changeset on other Linux machines. */
public final class RunTestsLinux {
  private final Console console;
  private final Hg hg;
  private final Account account;
  private final StateFolder state;
  private final Poll poll;

  /**
   * What to test, and where.
   *
   * @param timeLimit how long the build, and how long the tests may take
   * @param machines to run them on
   */
  public record Request(
      TestsRequest tests,
      PythonVersion python,
      Filesystem filesystem,
      Duration timeLimit,
      TestMachines machines) {}

  /**
   * @param account is not asked anything unless machines of it are wanted
   * @param state has the key, and gets the results
   */
  public RunTestsLinux(Console console, Hg hg, Account account, StateFolder state, Poll poll) {
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
      return "linux";
    }

    @Override
    public int count() {
      return request.machines().count();
    }

    @Override
    public String timesName() {
      return request.machines().kind() + "-" + request.python();
    }

    @Override
    public TestsReport.Place place() {
      TestMachines.Ec2 ec2 = request.machines() instanceof TestMachines.Ec2 some ? some : null;
      TestMachines.Hosts hosts =
          request.machines() instanceof TestMachines.Hosts some ? some : null;
      return new TestsReport.Place(
          request.python().toString(),
          null,
          request.filesystem().toString(),
          ec2 == null ? null : ec2.distro().name(),
          null,
          ec2 == null ? null : ec2.type(),
          hosts == null ? null : hosts.addresses().stream().map(SshAddress::toString).toList(),
          ec2 != null && ec2.spot());
    }

    @Override
    public RunTests.Ready ready(TestSource source, TestTimes times) throws InterruptedException {
      if (request.machines() instanceof TestMachines.Hosts hosts) {
        Forecast forecast =
            Forecast.of(request.tests().flags().given(), hosts.count(), times, OptionalInt.empty());
        console.info(forecast.wordsForHosts());
        Workers workers =
            new HostWorkers(
                hosts.addresses(), new HostKeys.KnownHosts(hosts.knownHosts()), key(state.keys()));
        return new RunTests.Ready(
            preparation(workers, source, times),
            forecast.machines(),
            Optional.empty(),
            "what runs on the machines is ended");
      }
      Ec2TestMachines.Ready ready =
          new Ec2TestMachines(console, account, state, poll)
              .ready(
                  (TestMachines.Ec2) request.machines(),
                  request.filesystem().needsDisk(),
                  request.tests().flags().given(),
                  times);
      return new RunTests.Ready(
          preparation(ready.workers(), source, times),
          ready.count(),
          ready.forImage(),
          "the tests are ended, and so are their machines");
    }

    private Preparation preparation(Workers workers, TestSource source, TestTimes times) {
      TestSettings settings =
          new TestSettings(
              request.filesystem(),
              request.python(),
              request.tests().flags(),
              request.timeLimit(),
              times,
              SshKey.file(state.keys()));
      return new Preparation(workers, source, settings, console::info, console::warn);
    }

    @Override
    public Optional<Double> dollars(List<MachineTime> machines, Optional<MachineTime> forImage) {
      return request.machines().dollars(request.filesystem().needsDisk(), machines, forImage);
    }
  }

  private static SshKey key(Path folder) {
    return SshKey.in(folder).orElseGet(() -> SshKey.generate().save(folder));
  }
}
