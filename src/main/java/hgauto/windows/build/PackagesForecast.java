package hgauto.windows.build;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * What a run will take, by guesses of how long each build takes.
 *
 * @param packages how many
 * @param machines how many are of use
 * @param takes from the first launch to the last package
 * @param machineTime how long the machines are there, all together
 */
public record PackagesForecast(int packages, int machines, Duration takes, Duration machineTime) {
  /** Until a machine can build: it starts, and Mercurial is pushed to it. A guess. */
  private static final Duration START = Duration.ofMinutes(5);

  /** There are no more packages than that. */
  public static final int MOST_MACHINES = 32;

  /** What several machines may cost that are not asked for, next to one machine. */
  private static final double MOST_COST = 1.25;

  private static final double SECONDS_AN_HOUR = 3600;

  /**
   * Reckons: each machine takes the longest build that waits, as {@link PackageRun} has them do.
   *
   * @param machines how many were asked for
   */
  public static PackagesForecast of(List<PackageBuild> builds, int machines) {
    int useful = Math.min(machines, builds.size());
    PriorityQueue<Duration> busy = new PriorityQueue<>();
    for (int machine = 0; machine < useful; machine++) {
      busy.add(START);
    }
    builds.stream()
        .map(PackageBuild::expected)
        .sorted(Comparator.reverseOrder())
        .forEach(build -> busy.add(busy.remove().plus(build)));
    Duration longest = busy.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    Duration all = busy.stream().reduce(Duration.ZERO, Duration::plus);
    return new PackagesForecast(builds.size(), useful, longest, all);
  }

  /**
   * The fewest machines that take the least time, of those numbers of machines which all together
   * cost little more than one would.
   */
  public static PackagesForecast worthIt(List<PackageBuild> builds) {
    double mostTime = MOST_COST * of(builds, 1).machineTime().toSeconds();
    return IntStream.rangeClosed(1, Math.min(builds.size(), MOST_MACHINES))
        .mapToObj(machines -> of(builds, machines))
        .filter(forecast -> forecast.machineTime().toSeconds() <= mostTime)
        .min(
            Comparator.comparing(PackagesForecast::takes).thenComparing(PackagesForecast::machines))
        .orElseThrow();
  }

  /**
   * For a person: "22 packages on 4 machines, t3.medium: about 50 min and $0.22, by guesses of what
   * a build takes".
   *
   * @param dollarsPerHour of a machine; empty if it is not known
   */
  public String words(String type, Optional<Double> dollarsPerHour) {
    return number(packages, "package")
        + " on "
        + number(machines, "machine")
        + ", "
        + type
        + ": about "
        + takes.toMinutes()
        + " min"
        + dollarsPerHour
            .map(
                dollars ->
                    String.format(
                        Locale.ROOT,
                        " and $%.2f",
                        dollars * machineTime.toSeconds() / SECONDS_AN_HOUR))
            .orElse(", price not known")
        + ", by guesses of what a build takes";
  }

  private static String number(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
