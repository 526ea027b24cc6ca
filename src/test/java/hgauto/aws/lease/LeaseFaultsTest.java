package hgauto.aws.lease;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.error.HgautoException;
import hgauto.testbed.aws.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For every call from launch to close, in turn, something goes wrong with it and with all that
 * follow: afterwards the next command leaves no instance, none was launched twice, and the message
 * names the call.
 */
class LeaseFaultsTest {
  private static final Map<String, Fault> FAULTS =
      Map.of(
          "throttled", Fault.THROTTLED,
          "forbidden", Fault.FORBIDDEN,
          "dropped before", Fault.DROPPED_BEFORE,
          "answer lost", Fault.ANSWER_LOST);

  private static final String ANY_CALL = "\\((ec2|sts):\\w+\\)";

  @TempDir private Path folder;

  static Stream<Arguments> faults() throws Exception {
    Path scratch = Files.createTempDirectory("leases");
    LeaseFixture whole = new LeaseFixture(scratch);
    live(whole);
    Files.delete(scratch);
    List<Arguments> cases = new ArrayList<>();
    for (int call = 1; call <= whole.fake.calls().size(); call++) {
      for (String fault : FAULTS.keySet()) {
        for (boolean once : List.of(true, false)) {
          cases.add(Arguments.of(call, whole.fake.actions().get(call - 1), fault, once));
        }
      }
    }
    return cases.stream();
  }

  /** A machine's whole life. IAM is late, its first type has no room, it starts and ends slowly. */
  private static void live(LeaseFixture at) throws InterruptedException {
    at.fake.behaviour().refuseLaunches("c5.9xlarge", null, "InsufficientInstanceCapacity");
    at.fake.behaviour().instancesHiddenFor(1).instancesPendingFor(1).instancesEndingFor(1);
    try (Lease lease =
        at.leases()
            .launch(
                at.request(
                    List.of("c5.9xlarge", "c6i.8xlarge"), Optional.empty(), Optional.empty()))) {
      lease.awaitRunning();
      lease.turnOffMetadata();
    }
  }

  @ParameterizedTest(name = "call {0}, {1}: {2}, once: {3}")
  @MethodSource("faults")
  void nothingIsLeftOnceTheNextCommandHasRun(int call, String action, String fault, boolean once)
      throws Exception {
    LeaseFixture at = new LeaseFixture(folder);
    at.fake.onCalls(call, once ? call : Integer.MAX_VALUE, FAULTS.get(fault));
    List<HgautoException> told = new ArrayList<>();
    try {
      live(at);
    } catch (HgautoException e) {
      told.add(e);
      for (Throwable suppressed : e.getSuppressed()) {
        told.add((HgautoException) suppressed);
      }
    }
    assertThat(at.fake.contents().instances()).hasSizeLessThanOrEqualTo(1);
    if (told.isEmpty()) {
      assertThat(at.alive()).isEmpty();
    } else {
      assertThat(told)
          .anySatisfy(e -> assertThat(e.what() + e.why()).containsPattern(once ? action : ANY_CALL))
          .allSatisfy(e -> assertThat(e.next()).isNotEmpty());
    }

    at.fake.withoutFaults();
    at.recover(); // the first look at a new instance does not see it
    assertThat(at.recover()).noneMatch(outcome -> outcome.failed());
    assertThat(at.alive()).isEmpty();
    assertThat(at.journal.unreadable()).isEmpty();
    assertThat(at.fake.contents().instances()).hasSizeLessThanOrEqualTo(1);
  }
}
