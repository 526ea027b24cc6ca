package hgauto.cli;

import hgauto.error.UsageException;
import hgauto.linux.Distros;
import hgauto.linux.Filesystem;
import hgauto.linux.PythonVersion;
import hgauto.machine.SshAddress;
import hgauto.poll.Poll;
import hgauto.task.RunTestsLinux;
import hgauto.task.TestMachines;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hgauto run-tests-linux}. */
@Command(
    name = "run-tests-linux",
    header = "Run Mercurial's tests on Linux machines.",
    description = {
      "",
      "Launches machines in EC2, or takes yours, pushes one changeset to them, builds it and runs"
          + " tests/run-tests.py. What that prints is passed on as it comes. Machines in EC2 are ended"
          + " at the end.",
      "",
      "The exit code is that of run-tests.py, the largest where it ran on several machines. It is at"
          + " least 1 where that was killed or reached the time limit, and at least 3 where machines"
          + " were lost and there was no other one for their tests.",
      "",
      "Examples:",
      "  hgauto run-tests-linux                             all tests, on one machine",
      "  hgauto run-tests-linux --instances 4               divided over four of them",
      "  hgauto run-tests-linux -r abcdef -- test-add.t     one test, another changeset",
      "  hgauto run-tests-linux --host ssh://hg@builder     on a machine of yours",
      ""
    })
final class RunTestsLinuxCommand implements Callable<Integer>, LoggedCommand {
  private static final Set<String> OF_EC2 =
      Set.of(
          "--distro",
          "--instance-type",
          "--instances",
          "--spot",
          "--ssh-from",
          "--subnet",
          "--max-lifetime",
          "--keep-on-failure");

  private final Session session;

  @Spec private CommandSpec spec;

  @Mixin private TestOptions options;

  @Option(
      names = {"-r", "--rev"},
      paramLabel = "REV",
      description = "The changeset, as hg takes it (default: ${DEFAULT-VALUE}).")
  private String revision = ".";

  @Option(
      names = "--host",
      paramLabel = "URL",
      description =
          "A machine to run them on instead of EC2, such as ssh://hg@builder:2222; may be repeated."
              + " Its key must be in ~/.ssh/known_hosts. See hgauto check-host.")
  private List<String> hosts = List.of();

  @Option(
      names = "--distro",
      paramLabel = "NAME",
      description =
          "The distribution in EC2: debian12, debian13, ubuntu22.04 or ubuntu24.04 (default:"
              + " ${DEFAULT-VALUE}).")
  private String distro = "debian12";

  @Option(
      names = "--instance-type",
      paramLabel = "TYPE",
      description =
          "The type of the machines in EC2; where there is no room, one like it (default:"
              + " ${DEFAULT-VALUE}).")
  private String type = "c7i.8xlarge";

  @Option(
      names = "--python-version",
      paramLabel = "VERSION",
      description =
          "What to run them under: system3, 3.9 to 3.14, or pypy3 (default: ${DEFAULT-VALUE}).")
  private String python = PythonVersion.SYSTEM;

  @Option(
      names = "--filesystem",
      paramLabel = "NAME",
      description =
          "What to run them on: default, tmpfs, ext3, ext4, xfs, btrfs or jfs (default: default).")
  private String filesystem = Filesystem.DEFAULT.toString();

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long the build, and how long the tests may take (default: 2h).")
  private Duration timeLimit = TryServerCommand.DEFAULT_TIME_LIMIT;

  RunTestsLinuxCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new RunTestsLinux(
            session.console(), options.hg(session), session.account(), session.state(), Poll.real())
        .run(
            new RunTestsLinux.Request(
                options.request(revision, options.testFlags()),
                PythonVersion.of(python),
                Filesystem.of(filesystem),
                timeLimit,
                hosts.isEmpty() ? ec2() : hosts()));
  }

  private TestMachines ec2() {
    int instances = options.instances(timeLimit);
    return new TestMachines.Ec2(
        Distros.known().named(distro), type, instances, options.spot(), options.terms());
  }

  private TestMachines hosts() {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (OF_EC2.contains(option.longestName())) {
        throw new UsageException(
            option.longestName() + " and --host exclude each other",
            option.longestName() + " is about machines in EC2",
            "Leave out one of them.");
      }
    }
    List<SshAddress> addresses = hosts.stream().map(SshAddress::of).toList();
    if (addresses.stream().distinct().count() < addresses.size()) {
      throw new UsageException("a host is named twice", "", "Name each of them once.");
    }
    return new TestMachines.Hosts(addresses, session.knownHosts());
  }
}
