package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.image.MachineImage;
import hgauto.aws.inventory.Prices;
import hgauto.aws.lease.InstanceTypes;
import hgauto.console.Console;
import hgauto.linux.BootstrapFiles;
import hgauto.linux.Distro;
import hgauto.linux.Ec2Workers;
import hgauto.linux.LinuxImages;
import hgauto.linux.Workers;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.suite.Forecast;
import hgauto.suite.MachineTime;
import hgauto.suite.TestTimes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Gets ready to launch machines for tests, and says what they will cost. */
final class Ec2TestMachines {
  /** By a guess: a machine starts, Mercurial is built on it. */
  private static final Duration SETUP = Duration.ofMinutes(1);

  private final Console console;
  private final Account account;
  private final StateFolder state;
  private final Poll poll;

  Ec2TestMachines(Console console, Account account, StateFolder state, Poll poll) {
    this.console = console;
    this.account = account;
    this.state = state;
    this.poll = poll;
  }

  /**
   * Machines that are not launched yet.
   *
   * @param count how many are of use
   * @param forImage the machine that the image was made on, if it was missing
   */
  record Ready(Workers workers, int count, Optional<MachineTime> forImage) {}

  /**
   * Says what all of it will take and cost, and then makes the account as machines need it, and the
   * image if it is missing.
   *
   * @param secondDisk whether the machines have a disk for /hgwork
   * @param flags for run-tests.py
   */
  Ready ready(TestMachines.Ec2 wanted, boolean secondDisk, List<String> flags, TestTimes times)
      throws InterruptedException {
    BootstrapFiles files = BootstrapFiles.known();
    Distro distro = wanted.distro();
    Ec2Access access = new Ec2Access(console, account, state, poll, "run-tests-linux");
    Optional<MachineImage> found =
        access.find(List.of(distro), files, wanted.terms()).values().stream().findFirst();
    Forecast forecast = Forecast.of(flags, wanted.count(), times, processors(wanted.type()));
    console.info(
        forecast.words(
                wanted.type(),
                new Prices().perHour(wanted.type(), wanted.diskGib(secondDisk)),
                wanted.spot(),
                SETUP)
            + ImageEstimate.LINUX.before(distro.imageName(), found));
    Ec2Access.Open ec2 = access.open(wanted.terms());
    ImageBuild build = new ImageBuild(console, state, ec2, files);
    ReadyImage image =
        ReadyImage.of(found, LinuxImages.TYPE, launched -> build.run(distro, launched));
    Workers workers =
        new Ec2Workers(
            ec2.machines(console::info),
            image.image(),
            InstanceTypes.orSimilar(wanted.type()),
            wanted.spot(),
            secondDisk);
    return new Ready(workers, forecast.machines(), image.madeOn());
  }

  /** Of a machine of that type, where it is known. */
  static OptionalInt processors(String type) {
    return Prices.vcpus(type).map(OptionalInt::of).orElse(OptionalInt.empty());
  }
}
