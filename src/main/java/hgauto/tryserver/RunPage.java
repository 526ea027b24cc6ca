package hgauto.tryserver;

import hgauto.tryserver.TestResult.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * What the page of one run shows.
 *
 * @param run the run
 * @param tests its tests, empty before there is a report
 * @param log the end of its log
 * @param saved whether the page is a file beside {@code log.txt}, to be read without the server;
 *     else it is served as {@code /runs/ID}
 */
public record RunPage(Run run, List<TestResult> tests, LogTail log, boolean saved) {
  /** The most output that one page shows, in characters, over all its failed tests. */
  private static final int MAX_OUTPUT = 1 << 20;

  /**
   * A failed test, ready to be shown.
   *
   * @param number counts from 1
   * @param test the test
   * @param output what it printed, or null where the page has no more room
   */
  public record Failure(int number, TestResult test, List<DiffPiece> output) {}

  /** Whether the run goes on and this page can follow it. */
  public boolean live() {
    return !saved && !run.status().isFinal();
  }

  /** Where the whole log is, relative to this page. */
  public String logLink() {
    return saved ? "log.txt" : "/runs/" + run.id() + "/log";
  }

  /** The failed tests in the order of the report. */
  public List<Failure> failures() {
    List<Failure> failures = new ArrayList<>();
    int room = MAX_OUTPUT;
    for (TestResult test : ended(Outcome.FAILED)) {
      room -= test.output().length();
      failures.add(
          new Failure(failures.size() + 1, test, room < 0 ? null : DiffPiece.of(test.output())));
    }
    return failures;
  }

  /** The tests that did not run. */
  public List<TestResult> skipped() {
    return ended(Outcome.SKIPPED);
  }

  /** The tests that ended as expected. */
  public List<TestResult> passed() {
    return ended(Outcome.PASSED);
  }

  private List<TestResult> ended(Outcome outcome) {
    return tests.stream().filter(test -> test.outcome() == outcome).toList();
  }
}
