package hgauto.aws.inventory;

import java.time.Duration;

/** How old something is, as people say it. */
public final class Age {
  private Age() {}

  /**
   * "40 s", "12 min", "3 h", "2 d": whole units, rounded down, hours up to two days. A negative
   * duration counts as none.
   */
  public static String of(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 60 * 60) {
      return seconds / 60 + " min";
    }
    return seconds < 48 * 60 * 60 ? seconds / (60 * 60) + " h" : seconds / (24 * 60 * 60) + " d";
  }
}
