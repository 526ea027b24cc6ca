package hgauto.task;

import hgauto.hg.Changeset;
import hgauto.suite.SuiteResult;
import hgauto.suite.TestFlags;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run of tests came to, as text for a person and, with {@code --json}, as it stands.
 *
 * @param node the changeset, 40 hexadecimal digits
 * @param testFlags what run-tests.py was given
 * @param arch of Windows' Python, else null
 * @param filesystem of Linux machines, else null
 * @param distro of Linux machines in EC2, else null
 * @param baseImage what Windows machines were made from, else null
 * @param instanceType of machines in EC2, else null
 * @param hosts where the tests ran; null in EC2
 * @param exitCode see {@link SuiteResult}
 * @param complete whether all tests are known to have come to an end. False wherever the tests were
 *     ended before run-tests.py was done, even if that had nothing left to run
 * @param withoutVerdict the names of tests that came to no end, as far as they are known
 * @param setupSeconds from the command's begin until the tests began
 * @param testSeconds from then on, to the end of the last test
 * @param totalSeconds of the whole command
 * @param spot whether machines of spare capacity were asked for
 * @param dollars an estimate of what the machines cost by their prices on demand, which is more
 *     than spare capacity costs; null if it is not known, or they are not EC2's
 * @param results the folder with the reports
 */
public record TestsReport(
    String node,
    List<String> testFlags,
    String python,
    String arch,
    String filesystem,
    String distro,
    String baseImage,
    String instanceType,
    List<String> hosts,
    int exitCode,
    int passed,
    int failed,
    int skipped,
    boolean complete,
    List<String> withoutVerdict,
    double setupSeconds,
    double testSeconds,
    double totalSeconds,
    boolean spot,
    BigDecimal dollars,
    String results) {

  /**
   * Where tests have run: what is not known, or not of that kind of machines, is null.
   *
   * @param spot whether machines of spare capacity were asked for
   */
  record Place(
      String python,
      String arch,
      String filesystem,
      String distro,
      String baseImage,
      String instanceType,
      List<String> hosts,
      boolean spot) {}

  /**
   * @param dollars an estimate of what the machines cost
   * @param total how long the whole command took
   */
  static TestsReport of(
      Changeset changeset,
      TestFlags flags,
      Place place,
      SuiteResult result,
      Optional<Double> dollars,
      Path results,
      Duration total) {
    return new TestsReport(
        changeset.node(),
        flags.given(),
        place.python(),
        place.arch(),
        place.filesystem(),
        place.distro(),
        place.baseImage(),
        place.instanceType(),
        place.hosts(),
        result.exitCode(),
        result.passed(),
        result.failed(),
        result.skipped(),
        result.failure().isEmpty() && result.withoutVerdict().isEmpty(),
        result.withoutVerdict(),
        seconds(result.setup()),
        seconds(result.tests()),
        seconds(total),
        place.spot(),
        dollars.map(ImageItem::money).orElse(null),
        results.toString());
  }

  /** What a run has taken that is interrupted, for a person. */
  static List<String> linesSoFar(Optional<Double> dollars, boolean spot, Duration total) {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "time: %.1f s", seconds(total)));
    dollars.ifPresent(some -> lines.add("cost so far: " + cost(ImageItem.money(some), spot)));
    return lines;
  }

  /** For a person. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        verdict()
            + ": "
            + passed
            + " passed, "
            + failed
            + " failed, "
            + skipped
            + " skipped"
            + without());
    lines.add(
        String.format(
            Locale.ROOT,
            "time: %.1f s (set-up %.1f s, tests %.1f s)",
            totalSeconds,
            setupSeconds,
            testSeconds));
    if (dollars != null) {
      lines.add("cost: " + cost(dollars, spot));
    }
    lines.add("results: " + results);
    return lines;
  }

  private static String cost(BigDecimal dollars, boolean spot) {
    return spot ? "at most $" + dollars + ", which is the price on demand" : "about $" + dollars;
  }

  /** A test whose name is misspelt is skipped by run-tests.py, which ends with 0 then. */
  private String verdict() {
    if (exitCode != 0) {
      return "FAILED";
    }
    return passed == 0 ? "NOTHING RAN" : "PASSED";
  }

  private String without() {
    if (complete) {
      return "";
    }
    return withoutVerdict.isEmpty()
        ? ", others may not have run"
        : ", " + withoutVerdict.size() + " not run";
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
