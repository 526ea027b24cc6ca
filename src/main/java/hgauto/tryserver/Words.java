package hgauto.tryserver;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Times, durations and counts as a person says them. */
public final class Words {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Words() {}

  /** "24 Nov 2026, 17:21 UTC". */
  public static String utc(Instant time) {
    return UTC.format(time);
  }

  /** "0.4 s", "14 s", "2 min 14 s", "1 h 3 min"; a negative duration counts as none. */
  public static String duration(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", Math.max(0, time.toMillis() / 100) / 10.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return seconds / 3600 + " h " + seconds / 60 % 60 + " min";
  }

  /** "just now", "5 minutes ago", "1 hour ago", "3 days ago". */
  public static String ago(Instant time, Instant now) {
    long minutes = Duration.between(time, now).toMinutes();
    if (minutes < 1) {
      return "just now";
    }
    if (minutes < 60) {
      return many(minutes, "minute") + " ago";
    }
    return minutes < 48 * 60
        ? many(minutes / 60, "hour") + " ago"
        : many(minutes / (24 * 60), "day") + " ago";
  }

  /** "3 failed, 120 passed, 4 skipped"; what there is none of is left out. */
  public static String counts(Run.Counts counts) {
    List<String> parts = new ArrayList<>();
    if (counts.failed() > 0) {
      parts.add(counts.failed() + " failed");
    }
    if (counts.passed() > 0) {
      parts.add(counts.passed() + " passed");
    }
    if (counts.skipped() > 0) {
      parts.add(counts.skipped() + " skipped");
    }
    return parts.isEmpty() ? "no tests" : String.join(", ", parts);
  }

  /** "812 bytes", "200 KB", "3 MB". */
  public static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " bytes";
    }
    return bytes < 1024 * 1024 ? bytes / 1024 + " KB" : bytes / (1024 * 1024) + " MB";
  }

  /** At most {@code limit} characters of the text, with an ellipsis where some were left out. */
  public static String clip(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(limit - 2)) ? limit - 2 : limit - 1;
    return text.substring(0, end) + "…";
  }

  /** The name of "Ann Author <ann@example.com>", where there is one. */
  public static String name(String user) {
    int address = user.indexOf('<');
    return address > 0 && !user.substring(0, address).isBlank()
        ? user.substring(0, address).strip()
        : user;
  }

  private static String many(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
