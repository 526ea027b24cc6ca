package hgauto.linux;

/**
 * What run-tests.py came to on one machine.
 *
 * @param exitCode its own
 * @param xunit the file that it wrote with {@code --xunit}; empty if it wrote none
 * @param report its {@code report.json}; empty if it wrote none
 * @param times how long the tests took, added to those given; as in its {@code .testtimes}
 */
public record TestRun(int exitCode, String xunit, String report, TestTimes times) {}
