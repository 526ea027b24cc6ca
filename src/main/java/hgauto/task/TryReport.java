package hgauto.task;

import hgauto.aws.Answer;
import hgauto.tryserver.Run;
import hgauto.tryserver.RunStatus;
import hgauto.tryserver.Submission;
import hgauto.tryserver.Words;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a submission, as text for a person and, with {@code --json}, as it stands.
 *
 * @param node the changeset, 40 hexadecimal digits
 * @param branch its named branch
 * @param user its author
 * @param message its description
 * @param testFlags what run-tests.py was given
 * @param remote what the server said
 * @param results where to see the results, or null where the server named no place
 * @param run the run when it ended, or null when it was not waited for
 * @param failedTests the names of the tests that failed, or null likewise
 */
public record TryReport(
    String node,
    String branch,
    String user,
    String message,
    List<String> testFlags,
    List<String> remote,
    URI results,
    RunSummary run,
    List<String> failedTests) {

  /**
   * How the run ended.
   *
   * @param id the server's number for it
   * @param status a word of {@link RunStatus}
   * @param exitCode what run-tests.py ended with, or null without a verdict
   * @param reason why there is no verdict, or null
   * @param counts what the tests came to, or null without a report
   * @param seconds how long the job took
   */
  public record RunSummary(
      long id, String status, Integer exitCode, String reason, Run.Counts counts, double seconds) {}

  /** Of a submission that is not waited for. */
  static TryReport submitted(Submission submission, Answer answer) {
    return of(submission, answer, answer.run(), null, null);
  }

  /** Of a run that has ended. */
  static TryReport ended(
      Submission submission, Answer answer, URI results, Run run, List<String> failedTests) {
    double seconds = run.took(run.ended()).map(took -> took.toMillis() / 1000.0).orElse(0.0);
    return of(
        submission,
        answer,
        results,
        new RunSummary(
            run.id(), run.status().word(), run.exitCode(), run.reason(), run.counts(), seconds),
        failedTests);
  }

  private static TryReport of(
      Submission submission, Answer answer, URI results, RunSummary run, List<String> failedTests) {
    return new TryReport(
        submission.node(),
        submission.branch(),
        submission.user(),
        submission.message(),
        submission.testFlags(),
        answer.messages(),
        results,
        run,
        failedTests);
  }

  /** The verdict for a person. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("verdict: " + verdict());
    failedTests.forEach(test -> lines.add("  failed: " + test));
    lines.add("results: " + results);
    return lines;
  }

  private String verdict() {
    String word = run.status().toUpperCase(java.util.Locale.ROOT);
    String tests = run.counts() == null ? "" : ": " + Words.counts(run.counts());
    String why = run.reason() == null ? "" : ": " + run.reason();
    String took = Words.duration(java.time.Duration.ofMillis((long) (run.seconds() * 1000)));
    return word + tests + why + " (changeset " + node.substring(0, 12) + ", " + took + ")";
  }

  /** run-tests.py's own exit code; 1 where there is no verdict. */
  int exitCode() {
    return run.exitCode() == null ? 1 : run.exitCode();
  }
}
