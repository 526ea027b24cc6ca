package hgauto.suite;

import hgauto.error.HgautoException;
import java.util.Optional;

/**
 * What run-tests.py came to on one machine.
 *
 * @param exitCode its own
 * @param xunit the file that it wrote with {@code --xunit}; empty if it wrote none
 * @param report its {@code report.json}; empty if it wrote none
 * @param times how long the tests took, added to those given; as in its {@code .testtimes}
 * @param notFetched why there is nothing but the exit code: the machine was lost after that, or
 *     does not give the files
 */
public record TestRun(
    int exitCode,
    String xunit,
    String report,
    TestTimes times,
    Optional<HgautoException> notFetched) {
  /** All of it. */
  public TestRun(int exitCode, String xunit, String report, TestTimes times) {
    this(exitCode, xunit, report, times, Optional.empty());
  }

  /** The exit code stands, whatever has become of the files. */
  public static TestRun withoutFiles(int exitCode, HgautoException why) {
    return new TestRun(exitCode, "", "", TestTimes.NONE, Optional.of(why));
  }
}
