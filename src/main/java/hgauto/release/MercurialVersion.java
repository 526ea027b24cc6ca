package hgauto.release;

import hgauto.error.UsageException;
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
  private static final Pattern VERSION =
      Pattern.compile(
          NUMBER
              + "\\."
              + NUMBER
              + ("(?:\\." + NUMBER + ")*")
              + ("(?:rc" + NUMBER + ")?")
              + ("(?:\\.post" + NUMBER + ")?")
              + ("(?:\\.dev" + NUMBER + ")?")
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

  @Override
  public String toString() {
    return text;
  }
}
