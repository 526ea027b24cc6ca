package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.lease.LaunchTerms;
import hgauto.console.Console;
import hgauto.error.LeftoverException;
import hgauto.error.UsageException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.machine.OpenSshAccess;
import hgauto.poll.Poll;
import hgauto.process.OnShutdown;
import hgauto.release.Dist;
import hgauto.release.MercurialVersion;
import hgauto.state.ResultsFolder;
import hgauto.state.StateFolder;
import hgauto.windows.build.BuildMatrix;
import hgauto.windows.build.PackageBuild;
import hgauto.windows.build.PackageChoice;
import hgauto.windows.build.PackageResult;
import hgauto.windows.build.PackageRun;
import hgauto.windows.build.PackageVersion;
import hgauto.windows.build.PackagesForecast;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Builds packages of Mercurial for Windows, and puts them into the checkout's {@code dist/}. */
public final class BuildWindowsPackages {
  /** What every version of Mercurial has. */
  private static final String MERCURIAL = "mercurial/commands.py";

  private static final double SECONDS_AN_HOUR = 3600;

  private final Console console;
  private final Hg hg;
  private final StateFolder state;
  private final PackageMachines machines;
  private final InstantSource clock;

  /**
   * What to build.
   *
   * @param folder in the checkout
   * @param revision names one changeset
   * @param version that they are to have; empty if it is the changeset's tag
   * @param choice which packages; empty for all that there are of this version
   * @param rebuild whether to build even what is there
   * @param instances how many machines, at most; empty for as many as are worth it
   * @param baseImage what the machines are made from
   */
  public record Request(
      Path folder,
      String revision,
      Optional<MercurialVersion> version,
      Optional<PackageChoice> choice,
      boolean rebuild,
      OptionalInt instances,
      String baseImage,
      LaunchTerms terms) {}

  /**
   * What is to be built, and where it comes to.
   *
   * @param missing those of the wanted packages that are to be built
   */
  private record Work(
      Checkout checkout,
      Changeset changeset,
      MercurialVersion version,
      List<PackageBuild> missing,
      Dist dist) {}

  /**
   * What came of the machines.
   *
   * @param dollars what they cost; null if that is not known
   */
  private record Done(
      List<PackageResult> results,
      BigDecimal dollars,
      List<LeftoverException> leftovers,
      List<Throwable> bugs) {
    static final Done NOTHING = new Done(List.of(), ImageItem.money(0), List.of(), List.of());
  }

  /**
   * @param account is not asked anything unless there is something to build
   * @param state has the key, and gets what the builds print
   */
  public BuildWindowsPackages(
      Console console, Hg hg, Account account, StateFolder state, Poll poll) {
    this(
        console,
        hg,
        state,
        new Ec2PackageMachines(console, account, state, poll),
        Clock.systemUTC());
  }

  /** With machines from elsewhere than EC2, for tests. */
  BuildWindowsPackages(
      Console console, Hg hg, StateFolder state, PackageMachines machines, InstantSource clock) {
    this.console = console;
    this.hg = hg;
    this.state = state;
    this.machines = machines;
    this.clock = clock;
  }

  /**
   * Carries out the request.
   *
   * @return the exit code: 0, or that of the failures
   * @throws LeftoverException if a machine could not be ended; all else was reported before
   * @throws IllegalStateException for a fault of ours; the packages were reported before
   */
  public int run(Request request) throws InterruptedException {
    Instant begin = clock.instant();
    Checkout checkout = Checkout.find(request.folder(), hg);
    Changeset changeset = changeset(checkout, request.revision());
    MercurialVersion version = PackageVersion.of(checkout, changeset, request.version());
    BuildMatrix matrix =
        BuildMatrix.of(version, file -> checkout.file(changeset, file).isPresent());
    List<PackageBuild> wanted = request.choice().map(matrix::chosen).orElse(matrix.builds());
    console.info(
        "version " + version + ", changeset " + changeset.shortNode() + ": " + changeset.title());
    PackageVersion.doubt(checkout, changeset, version).ifPresent(console::warn);
    BuildMatrix.doubt(version).ifPresent(console::warn);
    try (Dist dist = Dist.open(checkout.root(), version, changeset.node(), request.rebuild())) {
      Map<PackageBuild, PackageItem> items = new HashMap<>();
      if (!request.rebuild()) {
        wanted.forEach(
            build ->
                dist.whole(build.fileName())
                    .ifPresent(it -> items.put(build, PackageItem.there(build, it))));
      }
      List<PackageBuild> missing = wanted.stream().filter(it -> !items.containsKey(it)).toList();
      Done done =
          missing.isEmpty()
              ? Done.NOTHING
              : build(request, new Work(checkout, changeset, version, missing, dist));
      done.results().forEach(result -> items.put(result.build(), PackageItem.of(result)));
      PackagesReport report =
          new PackagesReport(
              version.text(),
              changeset.node(),
              wanted.stream().map(items::get).toList(),
              Duration.between(begin, clock.instant()).toSeconds(),
              done.dollars(),
              dist.manifestFile().toString());
      report.lines().forEach(console::result);
      console.json(report);
      throwRest(done);
      return report.exitCode();
    }
  }

  /** All that can be known of the changeset before a machine costs anything. */
  private Changeset changeset(Checkout checkout, String revision) {
    Changeset changeset = checkout.resolve(revision);
    Checkout.refuseSecret(changeset);
    if (checkout.file(changeset, MERCURIAL).isEmpty()) {
      throw new UsageException(
          "changeset " + changeset.shortNode() + " has no " + MERCURIAL,
          "it is not one of Mercurial's",
          "Name another one with --revision, or another checkout with --repository.");
    }
    if (!checkout.uncommitted().isEmpty()) {
      console.warn("what is not committed is not in the packages");
    }
    return changeset;
  }

  private Done build(Request request, Work work) throws InterruptedException {
    OpenSshAccess.requireSsh();
    PackagesForecast forecast =
        request.instances().isPresent()
            ? PackagesForecast.of(work.missing(), request.instances().getAsInt())
            : PackagesForecast.worthIt(work.missing());
    Duration lifetime = request.terms().maxLifetime();
    if (forecast.takes().compareTo(lifetime) >= 0) {
      throw new UsageException(
          "the machines would end before the packages are built",
          "that may take "
              + forecast.takes().toMinutes()
              + " min, and a machine ends itself after "
              + lifetime.toMinutes()
              + " min",
          "Say a longer --max-lifetime, or more --instances.");
    }
    PackageMachines.Ready ready =
        machines.ready(
            work.checkout(), work.changeset(), request.baseImage(), request.terms(), forecast);
    Path logs = ResultsFolder.create(state.results(), "packages", clock.instant());
    PackageRun.Outcome outcome;
    try {
      PackageRun run =
          new PackageRun(
              ready.machines(),
              new PackageRun.Settings(
                  work.checkout(), work.changeset(), work.dist(), logs, clock, console::info));
      outcome =
          OnShutdown.during(
              () -> run.run(work.missing(), forecast.machines()),
              () -> {
                console.lastWord(
                    "interrupted: the machines are ended; packages that are in dist stay");
                work.dist().close(); // with what is on its way
              });
    } finally {
      ResultsFolder.removeIfEmpty(logs);
    }
    return new Done(
        outcome.results(),
        Stream.of(outcome.machineTimes(), ready.forImage())
            .flatMap(times -> times.entrySet().stream())
            .map(time -> dollars(ready, time.getKey(), time.getValue()))
            .reduce(Optional.of(0.0), (some, more) -> some.flatMap(a -> more.map(b -> a + b)))
            .map(ImageItem::money)
            .orElse(null),
        outcome.leftovers(),
        outcome.bugs());
  }

  private static Optional<Double> dollars(PackageMachines.Ready ready, String type, Duration time) {
    return ready
        .dollarsPerHour()
        .apply(type)
        .map(perHour -> perHour * time.toSeconds() / SECONDS_AN_HOUR);
  }

  private static void throwRest(Done done) {
    if (!done.leftovers().isEmpty()) {
      List<LeftoverException> more = new ArrayList<>(done.leftovers());
      LeftoverException first = more.remove(0);
      more.forEach(first::addSuppressed);
      throw first;
    }
    if (!done.bugs().isEmpty()) {
      throw new IllegalStateException(done.bugs().get(0));
    }
  }
}
