package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.Parallel;
import hgauto.aws.inventory.Prices;
import hgauto.aws.lease.LaunchTerms;
import hgauto.console.Console;
import hgauto.linux.BootstrapFiles;
import hgauto.linux.Distro;
import hgauto.linux.LinuxImages;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sees to it that there are images of ours of some distributions: makes those that are missing. */
public final class BootstrapLinuxDev {
  /** What AWS's machines of that type take for it, by a guess: six Pythons are compiled. */
  private static final Duration ESTIMATE = Duration.ofMinutes(20);

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
   * @throws IllegalStateException for a fault of ours in making one; the others were reported
   *     before
   */
  public int run(Request request) throws InterruptedException {
    Ec2Access.Open ec2 =
        new Ec2Access(console, account, state, poll, "bootstrap-linux-dev").open(request.terms());
    Clock clock = account.caller().clock();
    Instant begin = clock.instant();
    List<ImageItem> there = find(ec2, request.distros());
    List<Distro> missing =
        request.distros().stream()
            .filter(distro -> there.stream().noneMatch(it -> it.distro().equals(distro.name())))
            .toList();
    ImageBuilds.Outcome made = new ImageBuilds.Outcome(List.of(), List.of());
    if (!missing.isEmpty()) {
      int atOnce = Math.min(request.atOnce().orElse(missing.size()), missing.size());
      Prices prices = new Prices();
      announce(missing, atOnce, request.terms(), dollarsPerHour(prices, LinuxImages.TYPE));
      ImageBuild build = new ImageBuild(console, state, ec2, files);
      made =
          new ImageBuilds(build::run, clock, type -> dollarsPerHour(prices, type))
              .run(missing, atOnce);
    }
    int exitCode =
        report(request.distros(), there, made.items(), Duration.between(begin, clock.instant()));
    made.throwBugs();
    return exitCode;
  }

  private List<ImageItem> find(Ec2Access.Open ec2, List<Distro> distros)
      throws InterruptedException {
    LinuxImages images = ec2.images(files, console::info);
    List<Callable<Optional<ImageItem>>> looks = new ArrayList<>();
    for (Distro distro : distros) {
      looks.add(() -> images.find(distro).map(image -> ImageItem.there(distro.name(), image)));
    }
    return Parallel.all(looks).stream().flatMap(Optional::stream).toList();
  }

  private static Optional<Double> dollarsPerHour(Prices prices, String type) {
    return prices.perHour(type, LinuxImages.DISK_GIB);
  }

  /** Says what is launched, and what that will cost. */
  private void announce(
      List<Distro> missing, int atOnce, LaunchTerms terms, Optional<Double> dollarsPerHour) {
    missing.forEach(
        distro ->
            console.info(
                "  make image "
                    + distro.imageName()
                    + " on a "
                    + LinuxImages.TYPE
                    + " with "
                    + LinuxImages.DISK_GIB
                    + " GiB, which ends itself after "
                    + ImageItem.time(terms.maxLifetime().toSeconds())));
    int rounds = (missing.size() + atOnce - 1) / atOnce;
    String cost =
        dollarsPerHour
            .map(
                dollars -> {
                  BigDecimal all =
                      ImageItem.money(
                          dollars
                              * missing.size()
                              * ESTIMATE.toMinutes()
                              / Duration.ofHours(1).toMinutes());
                  return ", about $" + all;
                })
            .orElse("");
    console.info(
        atOnce
            + " at a time; estimate: "
            + ESTIMATE.multipliedBy(rounds).toMinutes()
            + " min"
            + cost
            + " for machines");
  }

  private int report(
      List<Distro> distros, List<ImageItem> there, List<ImageItem> made, Duration took) {
    Map<String, ImageItem> items =
        Stream.concat(there.stream(), made.stream())
            .collect(Collectors.toMap(ImageItem::distro, Function.identity()));
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
