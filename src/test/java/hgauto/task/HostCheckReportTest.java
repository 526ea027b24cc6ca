package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.linux.HostCheck;
import hgauto.linux.HostPoint;
import hgauto.machine.SshAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostCheckReportTest {
  private static HostCheckReport without(HostPoint... missing) {
    List<HostPoint> not = List.of(missing);
    return HostCheckReport.of(
        SshAddress.of("ssh://builder:2222"),
        Arrays.stream(HostPoint.values())
            .map(point -> new HostCheck.Finding(point, !not.contains(point), "d-" + point.id()))
            .toList());
  }

  @Test
  void whereAllHoldsThereIsNothingToMend() {
    HostCheckReport report = without();
    assertThat(report.exitCode()).isZero();
    assertThat(report.usable()).isTrue();
    assertThat(report.points()).hasSize(HostPoint.values().length).allMatch(p -> p.mend() == null);
    assertThat(report.lines())
        .contains("reachable    ok  d-reachable", "", report.lines().get(report.lines().size() - 1))
        .noneMatch(line -> line.contains("mend"))
        .endsWith(
            "ssh://hg@builder:2222 can run tests: hgauto run-tests-linux --host"
                + " ssh://hg@builder:2222");
  }

  @Test
  void withoutWhatIsOptionalItIsUsable() {
    HostCheckReport report = without(HostPoint.DISK);
    assertThat(report.exitCode()).isZero();
    assertThat(report.lines())
        .anyMatch(line -> line.matches("disk +optional +d-disk"))
        .containsSubsequence("For what is optional:", "  disk: " + HostPoint.DISK.mend())
        .doesNotContain("To mend what is missing:");
  }

  @Test
  void eachThatIsRequiredMakesItUnusableAndIsToBeMended() {
    for (HostPoint point : HostPoint.values()) {
      HostCheckReport report = without(point);
      assertThat(report.exitCode()).as(point.id()).isEqualTo(point.isRequired() ? 1 : 0);
      assertThat(report.lines()).contains("  " + point.id() + ": " + point.mend());
    }
    HostCheckReport several = without(HostPoint.SUDO, HostPoint.DISK, HostPoint.BUILD);
    assertThat(several.lines())
        .containsSubsequence(
            "To mend what is missing:",
            "  sudo: " + HostPoint.SUDO.mend(),
            "  build: " + HostPoint.BUILD.mend(),
            "For what is optional:",
            "  disk: " + HostPoint.DISK.mend(),
            "ssh://hg@builder:2222 cannot run tests yet.");
  }
}
