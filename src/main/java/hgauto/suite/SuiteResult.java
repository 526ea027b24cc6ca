package hgauto.suite;

import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the suite came to, on one machine or several.
 *
 * @param exitCode run-tests.py's own, the largest where it ran on several machines. At least 1
 *     where it was killed or reached the time limit, and at least 3 where tests have no verdict
 *     since their machine was lost, and there was no other one for them
 * @param passed how many tests
 * @param skipped with those that were ignored
 * @param withoutVerdict the names of tests that were to run and came to no end, since machines were
 *     lost, or run-tests.py was ended; on one machine they are not known
 * @param times what was known before and what is known now
 * @param setup from the command's begin until the first tests were begun on a machine
 * @param tests from then until no machine ran tests any more
 * @param machines how long each machine was there, in no order; those, too, that were lost
 * @param reportsMissing why the reports lack something; the exit code stands all the same
 * @param failure what has ended the tests before their end, to be thrown once all else is told: the
 *     one machine was lost, run-tests.py was ended there, or the output takes no more
 * @param leftover what could not be ended, to be thrown likewise; others are suppressed in it
 */
public record SuiteResult(
    int exitCode,
    int passed,
    int skipped,
    int failed,
    List<String> withoutVerdict,
    TestTimes times,
    Duration setup,
    Duration tests,
    List<MachineTime> machines,
    List<HgautoException> reportsMissing,
    Optional<HgautoException> failure,
    Optional<LeftoverException> leftover) {}
