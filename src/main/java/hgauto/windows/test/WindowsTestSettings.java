package hgauto.windows.test;

import hgauto.suite.TestTimes;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How tests are run on each machine.
 *
 * @param python they run under
 * @param timeLimit how long the tests may take
 * @param times how long tests took before; run-tests.py begins with the longest
 * @param keyFile the private key that opens the machines
 */
public record WindowsTestSettings(
    WindowsPython python, Duration timeLimit, TestTimes times, Path keyFile) {}
