package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.WindowsBase;
import hgauto.aws.lease.LaunchTerms;
import hgauto.console.Console;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.windows.WindowsDependencies;
import java.util.List;
import java.util.Optional;

/**
 * Sees to it that there is an image of ours of Windows for a revision: makes it if it is missing.
 */
public final class BootstrapWindowsDev {
  private final Console console;
  private final Account account;
  private final StateFolder state;
  private final Poll poll;

  /**
   * What to make.
   *
   * @param checkout of Mercurial
   * @param revision whose script installs what is built with
   * @param base what the image is made of
   * @param terms of the machine that it is made on
   */
  public record Request(Checkout checkout, String revision, ImageSeries base, LaunchTerms terms) {}

  /** Nothing is asked of AWS yet. */
  public BootstrapWindowsDev(Console console, Account account, StateFolder state, Poll poll) {
    this.console = console;
    this.account = account;
    this.state = state;
    this.poll = poll;
  }

  /**
   * Carries out the request.
   *
   * @return the exit code, 0
   * @throws hgauto.error.UsageException if the revision is not one of Mercurial, or the machine
   *     would end too early; nothing was made then
   * @throws hgauto.error.RemoteWorkException if the machine could not be made ready
   * @throws hgauto.error.EnvironmentException if the image could not be made for another reason
   */
  public int run(Request request) throws InterruptedException {
    Changeset changeset = request.checkout().resolve(request.revision());
    WindowsDependencies dependencies = WindowsDependencies.of(request.checkout(), changeset);
    ImageSeries base = request.base();
    Ec2Access access = new Ec2Access(console, account, state, poll, "bootstrap-windows-dev");
    Optional<MachineImage> found = access.find(base, dependencies, request.terms());
    if (found.isEmpty()) {
      announce(base, request.terms());
    }
    Ec2Access.OpenWindows ec2 = access.openWindows(request.terms());
    ReadyImage image = new WindowsImageBuild(console, state, ec2, dependencies).ready(base, found);
    return report(
        image
            .madeOn()
            .map(
                machine ->
                    ImageItem.made(
                        base.name(),
                        image.image(),
                        machine.duration(),
                        machine.type().flatMap(ImageEstimate.WINDOWS::perHour)))
            .orElseGet(() -> ImageItem.there(base.name(), image.image())));
  }

  /** Says what is launched, and what that will cost. */
  private void announce(ImageSeries base, LaunchTerms terms) {
    ImageEstimate estimate = ImageEstimate.WINDOWS;
    console.info("  " + estimate.plan(WindowsBase.OUR_NAME + " of " + base.name(), terms));
    console.info(
        "estimate: "
            + estimate.time().toMinutes()
            + " min"
            + estimate
                .dollars(1)
                .map(dollars -> ", about $" + dollars + " for the machine")
                .orElse(""));
  }

  private int report(ImageItem item) {
    BootstrapReport report =
        BootstrapReport.of(
            account.caller().account(), account.region().region(), List.of(item), item.seconds());
    report.lines().forEach(console::result);
    console.json(report);
    return report.exitCode();
  }
}
