package hgauto.linux;

import hgauto.error.LeftoverException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the suite came to, on one machine or several.
 *
 * @param exitCode run-tests.py's own, the largest of several; at least 3 where tests have no
 *     verdict
 * @param passed how many tests
 * @param skipped with those that were ignored
 * @param withoutVerdict the names of tests that were to run and came to no end, since machines were
 *     lost, or run-tests.py was ended
 * @param times what was known before and what is known now
 * @param setup until the first tests were begun on a machine
 * @param machines how long each machine was there, in no order; those, too, that were lost
 * @param leftover what could not be ended, to be thrown once all else is told; others are
 *     suppressed in it
 */
public record SuiteResult(
    int exitCode,
    int passed,
    int skipped,
    int failed,
    List<String> withoutVerdict,
    TestTimes times,
    Duration setup,
    List<Duration> machines,
    Optional<LeftoverException> leftover) {}
