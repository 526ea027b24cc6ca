package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComplaintTest {
  private final Complaint complaint = new Complaint();

  @Test
  void theLastLinesAreTheReasonAndTheRemedyIsTheScripts() {
    complaint.add("mkfs.xfs failed");
    complaint.add("next: Look at the disk.");
    assertThat(complaint.about("cannot prepare", 1).why()).isEqualTo("mkfs.xfs failed");
    assertThat(complaint.about("cannot prepare", 1).next()).isEqualTo("Look at the disk.");
  }

  @Test
  void whateverMetAFullDiskThereIsSomethingToDo() {
    complaint.add("mount-work: line 6: printf: write error: No space left on device");
    assertThat(complaint.about("cannot prepare", 1).next()).startsWith("Make room there");
    assertThat(complaint.aboutWork("cannot build", 100).next()).startsWith("Make room there");
  }

  @Test
  void theScriptsOwnRemedyForAFullDiskIsBetter() {
    complaint.add("next: Use another disk.");
    complaint.add("cp: error writing 'x': No space left on device");
    assertThat(complaint.about("cannot prepare", 1).next()).isEqualTo("Use another disk.");
  }

  @Test
  void ofManyLinesTheLastAreTheReasonAndWhatIsNextTheRemedy() {
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
    complaint.add("bash: line 1: /hgdev/venv-bootstrap/bin/python3: No such file or directory");
    assertThat(complaint.about("it failed", 127).next()).contains("hgauto check-host");
    assertThat(new Complaint().about("it failed", 5).why()).isEqualTo("it ended with code 5");
  }
}
