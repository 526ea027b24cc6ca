package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestEventsTest {
  private final List<TestEnd> ends = new ArrayList<>();
  private final TestEvents events = new TestEvents(ends::add);

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
    assertThat(events.complaint().about("it failed", 1).why()).isEqualTo("it ended with code 1");
  }

  @Test
  void theExitCodeComesAtLast() {
    events.add("end\t80");
    assertThat(events.exitCode()).hasValue(80);
    assertThat(events.limitReached()).isFalse();
  }

  @Test
  void whatIsNoEventIsAComplaint() {
    events.add("bash: line 1: no such file");
    events.add("test-add.t\tbroken\t1");
    events.add("limit");
    assertThat(ends).isEmpty();
    assertThat(events.limitReached()).isTrue();
    assertThat(events.complaint().about("it failed", 1).why())
        .isEqualTo("bash: line 1: no such file\ntest-add.t\tbroken\t1");
  }

  @Test
  void linesAreCutOutOfWhateverChunksComeAndLongOnesShortened() {
    List<String> told = new ArrayList<>();
    try (Lines lines = new Lines(told::add)) {
      for (String chunk : List.of("a", "b\nü", "\n\n" + "x".repeat(1 << 20), "\nlast")) {
        byte[] bytes = chunk.getBytes(StandardCharsets.UTF_8);
        lines.write(bytes, 0, bytes.length);
      }
    }
    assertThat(told).hasSize(5).startsWith("ab", "ü", "").endsWith("last");
    assertThat(told.get(3)).hasSize(16 << 10);
  }

  @Test
  void ofAComplaintTheLastLinesAreTheReasonAndWhatIsNextTheRemedy() {
    Complaint complaint = new Complaint();
    for (int line = 0; line < 100; line++) {
      complaint.add("line " + line);
    }
    complaint.add("next: Look again.");
    assertThat(complaint.about("it failed", 1))
        .satisfies(
            failure -> {
              assertThat(failure.why()).startsWith("line 60\n").endsWith("\nline 99");
              assertThat(failure.next()).isEqualTo("Look again.");
            });
  }

  @Test
  void withoutTheMachinesPythonTheCommandThatChecksHostsIsNamed() {
    Complaint complaint = new Complaint();
    complaint.add("bash: line 1: /hgdev/venv-bootstrap/bin/python3: No such file or directory");
    assertThat(complaint.about("it failed", 127).next()).contains("hgauto check-host");
    assertThat(new Complaint().about("it failed", 5).why()).isEqualTo("it ended with code 5");
  }
}
