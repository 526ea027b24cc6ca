package hgauto.task;

import hgauto.aws.image.MachineImage;
import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What became of the image of one distribution.
 *
 * @param result {@code there}, {@code made} or {@code failed}
 * @param imageId such as {@code ami-0a1b}; null if it failed
 * @param imageName null if it failed
 * @param seconds how long it took to make it, or to fail
 * @param dollars an estimate of what the machine cost; null if that is not known
 * @param exitCode of the failure; 0 if there was none
 * @param failures what failed: each with what, why and what to do about it
 */
record ImageItem(
    String distro,
    String result,
    String imageId,
    String imageName,
    long seconds,
    BigDecimal dollars,
    int exitCode,
    List<Failure> failures) {
  private static final int CENT_DIGITS = 2;

  /** What the command's exit code is then. */
  private static final int BUG = 70;

  /** See {@link HgautoException}. */
  record Failure(String what, String why, String next) {
    static Failure of(Throwable failure) {
      return failure instanceof HgautoException told
          ? new Failure(told.what(), told.why(), told.next())
          : new Failure("a fault in hgauto itself", failure.toString(), "");
    }
  }

  static ImageItem there(String distro, MachineImage image) {
    return new ImageItem(distro, "there", image.id(), image.name(), 0, money(0), 0, List.of());
  }

  static ImageItem made(
      String distro, MachineImage image, Duration took, Optional<Double> dollarsPerHour) {
    return new ImageItem(
        distro,
        "made",
        image.id(),
        image.name(),
        took.toSeconds(),
        cost(took, dollarsPerHour),
        0,
        List.of());
  }

  /** What could not be ended after the failure is told after it, and counts more. */
  static ImageItem failed(
      String distro, HgautoException failure, Duration took, Optional<Double> dollarsPerHour) {
    List<HgautoException> all = new ArrayList<>(List.of(failure));
    all.addAll(leftovers(failure));
    return failed(
        distro,
        all.stream().mapToInt(HgautoException::exitCode).max().orElseThrow(),
        all.stream().map(Failure::of).toList(),
        took,
        dollarsPerHour);
  }

  /** The same after a fault of ours, whose stack trace is for the one who throws it on. */
  static ImageItem faulty(
      String distro, Throwable fault, Duration took, Optional<Double> dollarsPerHour) {
    List<Failure> all = new ArrayList<>(List.of(Failure.of(fault)));
    leftovers(fault).forEach(left -> all.add(Failure.of(left)));
    return failed(distro, BUG, all, took, dollarsPerHour);
  }

  private static List<LeftoverException> leftovers(Throwable failure) {
    return Stream.of(failure.getSuppressed())
        .filter(LeftoverException.class::isInstance)
        .map(LeftoverException.class::cast)
        .toList();
  }

  private static ImageItem failed(
      String distro,
      int exitCode,
      List<Failure> failures,
      Duration took,
      Optional<Double> dollarsPerHour) {
    return new ImageItem(
        distro,
        "failed",
        null,
        null,
        took.toSeconds(),
        cost(took, dollarsPerHour),
        exitCode,
        failures);
  }

  /** For a person. */
  List<String> lines() {
    String about = dollars == null ? "" : ", about $" + dollars;
    String time = time(seconds);
    List<String> lines = new ArrayList<>();
    switch (result) {
      case "there" -> lines.add(distro + ": " + imageId + " (" + imageName + ") was there");
      case "made" ->
          lines.add(distro + ": " + imageId + " (" + imageName + ") made in " + time + about);
      default -> lines.add(distro + ": failed after " + time + about);
    }
    for (Failure failure : failures) {
      Stream.of(failure.what(), failure.why(), failure.next())
          .filter(text -> !text.isEmpty())
          .forEach(text -> lines.add("  " + text));
    }
    return lines;
  }

  /** "18 min 3 s". */
  static String time(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    return minutes < 60
        ? minutes + " min " + seconds % 60 + " s"
        : minutes / 60 + " h " + minutes % 60 + " min";
  }

  static BigDecimal money(double dollars) {
    return BigDecimal.valueOf(dollars).setScale(CENT_DIGITS, RoundingMode.HALF_UP);
  }

  /** AWS bills by the second. */
  private static BigDecimal cost(Duration took, Optional<Double> dollarsPerHour) {
    return dollarsPerHour
        .map(dollars -> money(dollars * took.toSeconds() / Duration.ofHours(1).toSeconds()))
        .orElse(null);
  }
}
