package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit code of several machines. */
class SuiteOutcomeTest {
  private static final TestEnd GOOD = new TestEnd("test-a.t", "ok", 1);
  private static final TestEnd BAD = new TestEnd("test-a.t", "failed", 1);

  @TempDir private Path folder;
  private ShardStream stream;

  @BeforeEach
  void beginTheStream() {
    stream = new ShardStream(folder, new ByteArrayOutputStream(), line -> {});
  }

  @Test
  void isTheLargestOfRunTestsPysOwn() throws IOException {
    assertThat(exitCode(List.of(), ended(0), ended(80), ended(1))).isEqualTo(80);
    assertThat(exitCode(List.of(), ended(0), ended(0))).isZero();
  }

  @Test
  void isOneAtLeastWhereItWasEnded() throws IOException {
    assertThat(exitCode(List.of(), ended(0), killed(GOOD))).isEqualTo(1);
    assertThat(exitCode(List.of(), ended(80), killed(GOOD))).isEqualTo(80);
  }

  @Test
  void isThreeAtLeastWhereTestsHaveFoundNoMachine() throws IOException {
    assertThat(exitCode(List.of("test-b.t"), ended(0), lost(BAD))).isEqualTo(3);
    assertThat(exitCode(List.of("test-b.t"), ended(80))).isEqualTo(80);
  }

  @Test
  void isThatOfTheTestsWhereALostMachineHadEndedThem() throws IOException {
    assertThat(exitCode(List.of(), ended(0), lost(GOOD))).isZero();
    assertThat(exitCode(List.of(), ended(0), lost(BAD))).isEqualTo(1);
  }

  /** It ends with 0 all the same, which submitted code may have it do. */
  @Test
  void isOneAtLeastWhereItHasLeftTestsOut() throws IOException {
    ShardRun run = run(List.of("test-a.t", "test-b.t"), "", Optional.of(ended()), false, GOOD);
    SuiteOutcome outcome = SuiteOutcome.ofSeveral(List.of(run), List.of());
    assertThat(outcome.withoutVerdict()).containsExactly("test-b.t");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  /** What run-tests.py would have said of there being no tests, nobody knows. */
  @Test
  void isThreeWhereEvenNoTestsAtAllHaveFoundNoMachine() throws IOException {
    assertThat(exitCode(List.of(), run(List.of(), "", Optional.empty(), true))).isEqualTo(3);
  }

  private static int exitCode(List<String> waiting, ShardRun... runs) {
    return SuiteOutcome.ofSeveral(List.of(runs), waiting).exitCode();
  }

  private static TestRun ended() {
    return new TestRun(0, "", "", TestTimes.NONE);
  }

  private ShardRun ended(int code) throws IOException {
    return run(
        List.of("test-a.t"),
        "# Ran 1 tests, 0 skipped, 0 failed.\n",
        Optional.of(new TestRun(code, "", "", TestTimes.NONE)),
        false,
        GOOD);
  }

  private ShardRun killed(TestEnd... ends) throws IOException {
    return run(List.of("test-a.t", "test-b.t"), "", Optional.empty(), false, ends);
  }

  private ShardRun lost(TestEnd... ends) throws IOException {
    return run(List.of("test-a.t"), "", Optional.empty(), true, ends);
  }

  private ShardRun run(
      List<String> tests, String printed, Optional<TestRun> run, boolean moved, TestEnd... ends)
      throws IOException {
    ShardOutput output = stream.open(1, "builder", Set.copyOf(tests));
    try (output) {
      output.write(printed.getBytes(StandardCharsets.UTF_8));
    }
    return new ShardRun(tests, output, new Findings(run, List.of(ends)), moved);
  }
}
