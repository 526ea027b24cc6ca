package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.WindowsBase;
import hgauto.aws.inventory.Prices;
import hgauto.aws.lease.LaunchTerms;
import hgauto.console.Console;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.windows.WindowsDependencies;
import hgauto.windows.WindowsImages;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sees to it that there is an image of ours of Windows for a revision: makes it if it is missing.
 */
public final class BootstrapWindowsDev {
  /** By a guess: Visual Studio's build tools take most of it. */
  private static final Duration ESTIMATE = Duration.ofMinutes(60);

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
   * @throws hgauto.error.UsageException if the revision is not one of Mercurial
   * @throws hgauto.error.RemoteWorkException if the machine could not be made ready
   * @throws hgauto.error.EnvironmentException if the image could not be made for another reason
   */
  public int run(Request request) throws InterruptedException {
    Changeset changeset = request.checkout().resolve(request.revision());
    WindowsDependencies dependencies = WindowsDependencies.of(request.checkout(), changeset);
    Ec2Access.OpenWindows ec2 =
        new Ec2Access(console, account, state, poll, "bootstrap-windows-dev")
            .openWindows(request.terms(), request.base(), dependencies);
    Clock clock = account.caller().clock();
    Instant begin = clock.instant();
    ImageSeries base = request.base();
    Optional<MachineImage> there = ec2.images(dependencies, console::info).find(base);
    ImageItem item;
    if (there.isPresent()) {
      item = ImageItem.there(base.name(), there.get());
    } else {
      announce(base, request.terms());
      AtomicReference<String> type = new AtomicReference<>(WindowsImages.TYPE);
      MachineImage made =
          new WindowsImageBuild(console, state, ec2, dependencies).run(base, type::set);
      item =
          ImageItem.made(
              base.name(), made, Duration.between(begin, clock.instant()), perHour(type.get()));
    }
    return report(item);
  }

  /** Says what is launched, and what that will cost. */
  private void announce(ImageSeries base, LaunchTerms terms) {
    console.info(
        "  make image "
            + WindowsBase.OUR_NAME
            + " of "
            + base.name()
            + " on a "
            + WindowsImages.TYPE
            + " with "
            + WindowsImages.DISK_GIB
            + " GiB, which ends itself after "
            + ImageItem.time(terms.maxLifetime().toSeconds()));
    String cost =
        perHour(WindowsImages.TYPE)
            .map(dollars -> dollars * ESTIMATE.toMinutes() / Duration.ofHours(1).toMinutes())
            .map(dollars -> ", about $" + ImageItem.money(dollars) + " for the machine")
            .orElse("");
    console.info("estimate: " + ESTIMATE.toMinutes() + " min" + cost);
  }

  private static Optional<Double> perHour(String type) {
    return new Prices().perHourOfWindows(type, WindowsImages.DISK_GIB);
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
