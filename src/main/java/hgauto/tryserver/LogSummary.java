package hgauto.tryserver;

import hgauto.tryserver.TestResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The failures that run-tests.py names at the end of what it prints. Its xunit file has only those
 * that come with a diff: a test that timed out, broke, or ended with a code of its own is told here
 * alone.
 */
final class LogSummary {
  private static final Pattern ENDED_BADLY =
      Pattern.compile("(?:Failed|Errored) (test-\\S+): (.*)");
  private static final Pattern NEXT = Pattern.compile("(?:Skipped test-|# Ran |python hash ).*");

  private LogSummary() {}

  /** Each failed test with its reason, or with its traceback where it broke. */
  static List<TestResult> failures(String log) {
    List<TestResult> failures = new ArrayList<>();
    String name = null;
    StringBuilder reason = new StringBuilder();
    for (String line : (Iterable<String>) log.lines()::iterator) {
      Matcher failure = ENDED_BADLY.matcher(line);
      boolean named = failure.matches();
      if (name != null && (named || NEXT.matcher(line).matches())) {
        failures.add(new TestResult(name, Outcome.FAILED, 0, reason.toString().strip()));
        name = null;
      }
      if (named) {
        name = failure.group(1);
        reason.setLength(0);
        reason.append(failure.group(2));
      } else if (name != null) {
        reason.append('\n').append(line);
      }
    }
    return failures;
  }
}
