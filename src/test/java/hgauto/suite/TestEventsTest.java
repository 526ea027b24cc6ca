package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;

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
}
