package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.image.MachineImage;
import hgauto.aws.lease.LaunchTerms;
import hgauto.console.Console;
import hgauto.linux.BootstrapFiles;
import hgauto.linux.Distro;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sees to it that there are images of ours of some distributions: makes those that are missing. */
public final class BootstrapLinuxDev {
  private final Console console;
  private final Account account;
  private final StateFolder state;
  private final Poll poll;
  private final BootstrapFiles files;

  /**
   * What to make.
   *
   * @param distros at least one
   * @param atOnce how many images are made at the same time; empty for all
   * @param terms of the machines that they are made on
   */
  public record Request(List<Distro> distros, Optional<Integer> atOnce, LaunchTerms terms) {}

  /**
   * @param files make a machine ready
   */
  public BootstrapLinuxDev(
      Console console, Account account, StateFolder state, Poll poll, BootstrapFiles files) {
    this.console = console;
    this.account = account;
    this.state = state;
    this.poll = poll;
    this.files = files;
  }

  /**
   * Carries out the request.
   *
   * @return the exit code: 0, or that of the failures
   * @throws hgauto.error.UsageException if machines would end too early; nothing was made then
   * @throws IllegalStateException for a fault of ours in making one; the others were reported
   *     before
   */
  public int run(Request request) throws InterruptedException {
    Ec2Access access = new Ec2Access(console, account, state, poll, "bootstrap-linux-dev");
    Clock clock = account.caller().clock();
    Instant begin = clock.instant();
    Map<String, MachineImage> there = access.find(request.distros(), files, request.terms());
    List<Distro> missing =
        request.distros().stream().filter(distro -> !there.containsKey(distro.name())).toList();
    int atOnce = Math.min(request.atOnce().orElse(missing.size()), missing.size());
    if (!missing.isEmpty()) {
      announce(missing, atOnce, request.terms());
    }
    Ec2Access.Open ec2 = access.open(request.terms());
    ImageBuilds.Outcome made = new ImageBuilds.Outcome(List.of(), List.of());
    if (!missing.isEmpty()) {
      ImageBuild build = new ImageBuild(console, state, ec2, files);
      made = new ImageBuilds(build::run, clock, ImageEstimate.LINUX::perHour).run(missing, atOnce);
    }
    int exitCode =
        report(request.distros(), there, made.items(), Duration.between(begin, clock.instant()));
    made.throwBugs();
    return exitCode;
  }

  /** Says what is launched, and what that will cost. */
  private void announce(List<Distro> missing, int atOnce, LaunchTerms terms) {
    ImageEstimate estimate = ImageEstimate.LINUX;
    missing.forEach(distro -> console.info("  " + estimate.plan(distro.imageName(), terms)));
    int rounds = (missing.size() + atOnce - 1) / atOnce;
    console.info(
        atOnce
            + " at a time; estimate: "
            + estimate.time().multipliedBy(rounds).toMinutes()
            + " min"
            + estimate
                .dollars(missing.size())
                .map(dollars -> ", about $" + dollars + " for machines")
                .orElse(""));
  }

  private int report(
      List<Distro> distros, Map<String, MachineImage> there, List<ImageItem> made, Duration took) {
    Map<String, ImageItem> items = new HashMap<>();
    there.forEach((name, image) -> items.put(name, ImageItem.there(name, image)));
    made.forEach(item -> items.put(item.distro(), item));
    BootstrapReport report =
        BootstrapReport.of(
            account.caller().account(),
            account.region().region(),
            distros.stream().map(distro -> items.get(distro.name())).toList(),
            took.toSeconds());
    report.lines().forEach(console::result);
    console.json(report);
    return report.exitCode();
  }
}
