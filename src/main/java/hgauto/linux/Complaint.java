package hgauto.linux;

import hgauto.error.EnvironmentException;
import hgauto.error.RemoteWorkException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a script of ours says on standard error of its failure: the last lines are the reason, but
 * for what comes after {@code next: }, which is the remedy. Safe for use by two threads.
 */
final class Complaint {
  private static final String NEXT = "next: ";
  private static final int KEPT = 40;

  /** What a shell says of a program that it cannot start. */
  private static final int NOT_EXECUTABLE = 126;

  private static final int NOT_FOUND = 127;

  /** What the system says of a full disk; our scripts run in English. */
  private static final String DISK_FULL = "No space left on device";

  private final Deque<String> lines = new ArrayDeque<>();
  private String remedy = "";

  /** Takes note of a line. */
  synchronized void add(String line) {
    if (line.startsWith(NEXT)) {
      remedy = line.substring(NEXT.length());
      return;
    }
    lines.addLast(line);
    if (lines.size() > KEPT) {
      lines.removeFirst();
    }
  }

  /**
   * The machine did not do its part.
   *
   * @param what failed
   * @param code the script's exit code
   */
  synchronized EnvironmentException about(String what, int code) {
    if (code == NOT_EXECUTABLE || code == NOT_FOUND) {
      remedy = "hgauto check-host tells what a machine for tests needs, and how to mend it.";
    }
    return new EnvironmentException(what, reason(code), remedy());
  }

  /** What was to be tested did not do its part. */
  synchronized RemoteWorkException aboutWork(String what, int code) {
    return new RemoteWorkException(what, reason(code), remedy());
  }

  /** Any program that a script runs may meet a full disk. */
  private String remedy() {
    return remedy.isEmpty() && lines.stream().anyMatch(line -> line.contains(DISK_FULL))
        ? "Make room there (df -h tells on which disk), or use another --filesystem."
        : remedy;
  }

  private String reason(int code) {
    return lines.isEmpty() ? "it ended with code " + code : String.join("\n", lines);
  }
}
