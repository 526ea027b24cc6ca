package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.error.MachineLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestEventsTest {
  private final List<TestEnd> ends = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final TestEvents events = new TestEvents(ends::add, said::add);

  @Test
  void endsOfTestsAreTold() {
    events.add("test-add.t\tok\t0.250");
    events.add("test-remove.t#case a\tskipped\t0.000");
    assertThat(ends)
        .containsExactly(
            new TestEnd("test-add.t", "ok", 0.25),
            new TestEnd("test-remove.t#case a", "skipped", 0));
    assertThat(events.exitCode()).isEmpty();
  }

  @Test
  void whatHasBegunAndNotEndedRuns() {
    assertThat(events.begun()).isFalse();
    for (String test : List.of("test-slow.t", "test-add.t", "test-twice.t", "test-twice.t")) {
      events.add(test + "\tbegun");
    }
    events.add("test-add.t\tok\t0.250");
    events.add("test-twice.t\tfailed\t0.250");
    events.add("test-left-out.t\tignored\t0.000");
    assertThat(events.begun()).isTrue();
    assertThat(events.running()).containsExactly("test-slow.t", "test-twice.t");
    assertThat(said).isEmpty();
  }

  @Test
  void theExitCodeComesAtLast() {
    events.add("end\t80");
    assertThat(events.exitCode()).hasValue(80);
    assertThat(events.limitReached()).isFalse();
  }

  @Test
  void whatIsNoEventIsPassedOn() {
    events.add("bash: line 1: no such file");
    events.add("test-add.t\tbroken\t1");
    events.add("limit");
    assertThat(ends).isEmpty();
    assertThat(events.limitReached()).isTrue();
    assertThat(said).containsExactly("bash: line 1: no such file", "test-add.t\tbroken\t1");
  }

  private String noVerdict(int code) {
    return events
        .noVerdict("i-1", code, Duration.ofSeconds(5))
        .map(failure -> failure.what() + ": " + failure.why())
        .orElse("");
  }

  @Test
  void whatWasRunningAtTheTimeLimitIsNamed() {
    for (int test = 1; test <= 7; test++) {
      events.add("test-" + test + ".t\tbegun");
    }
    events.add("test-3.t\tok\t1.000");
    events.add("limit");
    assertThat(noVerdict(1))
        .isEqualTo(
            "the tests did not end on i-1: they were ended at the time limit of 5 s; test-1.t,"
                + " test-2.t, test-4.t, test-5.t, test-6.t and 1 more were running");
  }

  @Test
  void aSignalIsNoExitCodeOfRunTestsPy() {
    events.add("test-a.t\tbegun");
    assertThat(noVerdict(1)).isEmpty();
    events.add("end\t137");
    assertThat(events.verdict()).isEmpty();
    assertThat(noVerdict(1))
        .isEqualTo("run-tests.py was killed on i-1: by signal 9; test-a.t was running");
  }

  @Test
  void whatCrashesOnWindowsIsTheTestsFault() {
    events.add("test-a.t\tbegun");
    events.add("crashed\t3221225477");
    assertThat(events.verdict()).isEmpty();
    assertThat(noVerdict(1))
        .isEqualTo("run-tests.py crashed on i-1: it ended with 3221225477; test-a.t was running");
    assertThat(said).isEmpty();
  }

  @Test
  void thereIsNoSignalBeyond64() {
    events.add("end\t255");
    assertThat(events.verdict()).hasValue(255);
    assertThat(noVerdict(255)).isEmpty();
  }

  @Test
  void whatWasRunningWhenTheMachineWasLostIsNamed() {
    events.add("test-a.t\tbegun");
    MachineLostException lost = new MachineLostException("i-1 is lost", "it is silent", "", null);
    assertThat(events.lost(lost).why()).isEqualTo("it is silent; test-a.t was running");
  }
}
