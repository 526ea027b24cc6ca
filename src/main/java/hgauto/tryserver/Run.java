package hgauto.tryserver;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One submission and what became of it. Immutable; this is also what {@code run.json} holds and
 * what {@code /runs/ID.json} answers. All text but the ids comes from the submitter and is not to
 * be trusted.
 *
 * @param id counts from 1 in each state folder
 * @param node the changeset, 40 hexadecimal digits
 * @param branch the changeset's named branch
 * @param user the changeset's author
 * @param message the changeset's description, any number of lines
 * @param testFlags arguments for run-tests.py
 * @param submitted when the server accepted it
 * @param started when its job began, or null
 * @param ended when its status became final, or null
 * @param status where it stands
 * @param exitCode what run-tests.py ended with, or null without a verdict
 * @param reason why there is no verdict, a sentence for a person, or null
 * @param counts what the tests came to, or null before there is a report
 */
public record Run(
    long id,
    String node,
    String branch,
    String user,
    String message,
    List<String> testFlags,
    Instant submitted,
    Instant started,
    Instant ended,
    RunStatus status,
    Integer exitCode,
    String reason,
    Counts counts) {

  /**
   * How many tests ended which way.
   *
   * @param passed as expected
   * @param failed with another output, an error or a time-out
   * @param skipped not run
   */
  public record Counts(int passed, int failed, int skipped) {
    /** Counts a report. */
    public static Counts of(List<TestResult> tests) {
      return new Counts(
          count(tests, TestResult.Outcome.PASSED),
          count(tests, TestResult.Outcome.FAILED),
          count(tests, TestResult.Outcome.SKIPPED));
    }

    private static int count(List<TestResult> tests, TestResult.Outcome outcome) {
      return (int) tests.stream().filter(test -> test.outcome() == outcome).count();
    }
  }

  /** The description's first line, at most 120 characters of it. */
  public String title() {
    String line =
        message.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
    return Words.clip(line, 120);
  }

  /** The node as people write it: its first 12 digits. */
  public String shortNode() {
    return node.substring(0, 12);
  }

  /** How long its job took, up to {@code now} where it goes on; empty if it never began. */
  public Optional<Duration> took(Instant now) {
    return Optional.ofNullable(started)
        .map(begin -> Duration.between(begin, ended == null ? now : ended));
  }

  /** A new run, waiting for its turn. */
  static Run submitted(long id, Submission submission, Instant when) {
    return new Run(
        id,
        submission.node(),
        submission.branch(),
        submission.user(),
        submission.message(),
        submission.testFlags(),
        when,
        null,
        null,
        RunStatus.QUEUED,
        null,
        null,
        null);
  }

  /** The same run, under way. */
  Run started(Instant when) {
    return new Run(
        id,
        node,
        branch,
        user,
        message,
        testFlags,
        submitted,
        when,
        null,
        RunStatus.RUNNING,
        null,
        null,
        null);
  }

  /** The same run, with run-tests.py's exit code and, where it left a report, the counts. */
  Run tested(Instant when, int code, Counts report) {
    return ended(when, code == 0 ? RunStatus.PASSED : RunStatus.FAILED, code, null, report);
  }

  /** The same run, ended without a verdict. */
  Run failed(Instant when, String why) {
    return ended(when, RunStatus.ERROR, null, why, null);
  }

  /** The same run, ended from outside. */
  Run interrupted(Instant when, String why) {
    return ended(when, RunStatus.INTERRUPTED, null, why, null);
  }

  private Run ended(Instant when, RunStatus how, Integer code, String why, Counts report) {
    return new Run(
        id, node, branch, user, message, testFlags, submitted, started, when, how, code, why,
        report);
  }
}
