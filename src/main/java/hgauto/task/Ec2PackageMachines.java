package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.WindowsBase;
import hgauto.aws.lease.LaunchTerms;
import hgauto.console.Console;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.windows.WindowsDependencies;
import hgauto.windows.build.Ec2BuildMachines;
import hgauto.windows.build.PackagesForecast;
import java.util.Map;
import java.util.Optional;

/** Gets ready to launch machines in EC2 that packages are built on. */
final class Ec2PackageMachines implements PackageMachines {
  private final Console console;
  private final Account account;
  private final StateFolder state;
  private final Poll poll;

  Ec2PackageMachines(Console console, Account account, StateFolder state, Poll poll) {
    this.console = console;
    this.account = account;
    this.state = state;
    this.poll = poll;
  }

  /** Makes the account as machines need it, and the image if it is missing. */
  @Override
  public Ready ready(
      Checkout checkout,
      Changeset changeset,
      String baseImage,
      LaunchTerms terms,
      PackagesForecast forecast)
      throws InterruptedException {
    WindowsDependencies dependencies = WindowsDependencies.of(checkout, changeset);
    ImageSeries base = WindowsBase.named(baseImage);
    Ec2Access access = new Ec2Access(console, account, state, poll, "build-windows");
    Optional<MachineImage> found = access.find(base, dependencies, terms);
    console.info(
        forecast.words(Ec2BuildMachines.TYPE, ImageEstimate.WINDOWS.perHour(Ec2BuildMachines.TYPE))
            + ImageEstimate.WINDOWS.before(WindowsBase.OUR_NAME + " of " + base.name(), found));
    Ec2Access.OpenWindows ec2 = access.openWindows(terms);
    ReadyImage image = new WindowsImageBuild(console, state, ec2, dependencies).ready(base, found);
    return new Ready(
        new Ec2BuildMachines(ec2.machines(console::info), image.image(), SshKey.file(state.keys())),
        ImageEstimate.WINDOWS::perHour,
        image
            .madeOn()
            .flatMap(machine -> machine.type().map(type -> Map.of(type, machine.duration())))
            .orElse(Map.of()));
  }
}
