package hgauto.release;

import hgauto.error.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Mercurial, such as {@code 6.9} or {@code 7.2rc0}. It is written as Python packages
 * write theirs (PEP 440), since it is in the names of wheels, which leave no other way open.
 *
 * @param text all of it
 * @param major 7 of 7.2.1
 * @param minor 2 of 7.2.1
 */
public record MercurialVersion(String text, int major, int minor) {
  private static final String NUMBER = "(0|[1-9]\\d{0,8})";
  private static final Pattern DOT = Pattern.compile("\\.");
  private static final Pattern VERSION =
      Pattern.compile(
          NUMBER
              + "\\."
              + NUMBER
              + ("(?<more>(?:\\." + NUMBER + ")*)")
              + ("(?:rc(?<rc>" + NUMBER + "))?")
              + ("(?:\\.post(?<post>" + NUMBER + "))?")
              + ("(?:\\.dev(?<dev>" + NUMBER + "))?")
              + "(?:\\+[a-z0-9]+(?:\\.[a-z0-9]+)*)?");

  /**
   * Reads what a person wrote.
   *
   * @throws UsageException if it is no version
   */
  public static MercurialVersion of(String text) {
    return ifOne(text)
        .orElseThrow(
            () ->
                new UsageException(
                    "'" + text + "' is not a version of Mercurial",
                    "it would be part of the names of the packages",
                    "Write it as 7.2, 7.2.1 or 7.2rc0."));
  }

  /** Reads a text that may be something else, such as the name of a tag. */
  public static Optional<MercurialVersion> ifOne(String text) {
    Matcher version = VERSION.matcher(text);
    return version.matches()
        ? Optional.of(
            new MercurialVersion(
                text, Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2))))
        : Optional.empty();
  }

  /** {@code 7.2} of 7.2.1: versions of one series are built in the same way. */
  public String series() {
    return major + "." + minor;
  }

  /** Whether its series is that of the other one or a later one. */
  public boolean isOfSeriesSince(MercurialVersion other) {
    return major > other.major || (major == other.major && minor >= other.minor);
  }

  /** Whether it may come after a release that was the latest: of its series, or of the next one. */
  public boolean mayFollow(MercurialVersion release) {
    return major == release.major
        ? minor == release.minor || minor == release.minor + 1
        : major == release.major + 1 && minor == 0;
  }

  /** Whether it was made before a release, to be tried: 7.2rc0, or 7.2.dev3. */
  public boolean isPreRelease() {
    Matcher version = parts();
    return version.group("rc") != null || version.group("dev") != null;
  }

  /** Whether it comes before another one, by PEP 440; what is after a "+" does not count. */
  public boolean isBefore(MercurialVersion other) {
    return Arrays.compare(order(), other.order()) < 0;
  }

  private Matcher parts() {
    Matcher version = VERSION.matcher(text);
    if (!version.matches()) {
      throw new IllegalStateException(text);
    }
    return version;
  }

  /**
   * Numbers by which versions are compared. A sign comes after the last of the release, so that 7.2
   * is before 7.2.1, whatever follows.
   */
  private int[] order() {
    Matcher version = parts();
    List<Integer> numbers = new ArrayList<>(List.of(major, minor));
    DOT.splitAsStream(version.group("more"))
        .filter(number -> !number.isEmpty())
        .forEach(number -> numbers.add(Integer.valueOf(number)));
    while (!numbers.isEmpty()
        && numbers.get(numbers.size() - 1) == 0) { // 7.0 is 7, and 7.2.0 is 7.2
      numbers.remove(numbers.size() - 1);
    }
    numbers.add(-1);
    boolean onlyDev = version.group("post") == null && version.group("dev") != null;
    numbers.add(number(version.group("rc"), onlyDev ? -1 : Integer.MAX_VALUE));
    numbers.add(number(version.group("post"), -1));
    numbers.add(number(version.group("dev"), Integer.MAX_VALUE));
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int number(String digits, int otherwise) {
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  @Override
  public String toString() {
    return text;
  }
}
