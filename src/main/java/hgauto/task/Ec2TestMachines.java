package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.image.MachineImage;
import hgauto.aws.inventory.Prices;
import hgauto.aws.lease.InstanceTypes;
import hgauto.console.Console;
import hgauto.linux.BootstrapFiles;
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
import java.util.concurrent.atomic.AtomicReference;

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
   * Makes the account as machines need it, and the image if it is missing, which takes about twenty
   * minutes.
   *
   * @param secondDisk whether the machines have a disk for /hgwork
   * @param flags for run-tests.py
   */
  Ready ready(TestMachines.Ec2 wanted, boolean secondDisk, List<String> flags, TestTimes times)
      throws InterruptedException {
    BootstrapFiles files = BootstrapFiles.known();
    Ec2Access.Open ec2 =
        new Ec2Access(console, account, state, poll, "run-tests-linux").open(wanted.terms());
    Optional<MachineImage> found = ec2.images(files, console::info).find(wanted.distro());
    MachineImage image;
    Optional<MachineTime> forImage = Optional.empty();
    if (found.isPresent()) {
      image = found.get();
    } else {
      console.info(
          "there is no image " + wanted.distro().imageName() + " yet; it takes about 20 min");
      long began = System.nanoTime();
      AtomicReference<String> type = new AtomicReference<>(LinuxImages.TYPE);
      image = new ImageBuild(console, state, ec2, files).run(wanted.distro(), type::set);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      forImage = Optional.of(new MachineTime(Optional.of(type.get()), took));
    }
    Forecast forecast = Forecast.of(flags, wanted.count(), times, processors(wanted.type()));
    console.info(
        forecast.words(
            wanted.type(),
            new Prices().perHour(wanted.type(), wanted.diskGib(secondDisk)),
            wanted.spot(),
            SETUP));
    Workers workers =
        new Ec2Workers(
            ec2.machines(console::info),
            image,
            InstanceTypes.orSimilar(wanted.type()),
            wanted.spot(),
            secondDisk);
    return new Ready(workers, forecast.machines(), forImage);
  }

  /** Of a machine of that type, where it is known. */
  static OptionalInt processors(String type) {
    return Prices.vcpus(type).map(OptionalInt::of).orElse(OptionalInt.empty());
  }
}
