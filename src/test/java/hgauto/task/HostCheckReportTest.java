package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.host.Finding;
import hgauto.linux.LinuxHostPoint;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostCheckReportTest {
  private static HostCheckReport without(LinuxHostPoint... missing) {
    List<LinuxHostPoint> not = List.of(missing);
    return HostCheckReport.of(
        "ssh://hg@builder:2222",
        Arrays.stream(LinuxHostPoint.values())
            .map(point -> new Finding(point, !not.contains(point), "d-" + point.id()))
            .toList());
  }

  private static List<String> lines(HostCheckReport report) {
    return report.lines("run tests", ": hgauto run-tests-linux --host " + report.host());
  }

  @Test
  void whereAllHoldsThereIsNothingToMend() {
    HostCheckReport report = without();
    assertThat(report.exitCode()).isZero();
    assertThat(report.usable()).isTrue();
    assertThat(report.points())
        .hasSize(LinuxHostPoint.values().length)
        .allMatch(p -> p.mend() == null);
    assertThat(lines(report))
        .contains("reachable    ok  d-reachable", "", lines(report).get(lines(report).size() - 1))
        .noneMatch(line -> line.contains("mend"))
        .endsWith(
            "ssh://hg@builder:2222 can run tests: hgauto run-tests-linux --host"
                + " ssh://hg@builder:2222");
  }

  @Test
  void withoutWhatIsOptionalItIsUsable() {
    HostCheckReport report = without(LinuxHostPoint.DISK);
    assertThat(report.exitCode()).isZero();
    assertThat(lines(report))
        .anyMatch(line -> line.matches("disk +optional +d-disk"))
        .containsSubsequence("For what is optional:", "  disk: " + LinuxHostPoint.DISK.mend())
        .doesNotContain("To mend what is missing:");
  }

  @Test
  void eachThatIsRequiredMakesItUnusableAndIsToBeMended() {
    for (LinuxHostPoint point : LinuxHostPoint.values()) {
      HostCheckReport report = without(point);
      assertThat(report.exitCode()).as(point.id()).isEqualTo(point.isRequired() ? 1 : 0);
      assertThat(lines(report)).contains("  " + point.id() + ": " + point.mend());
    }
    HostCheckReport several =
        without(LinuxHostPoint.SUDO, LinuxHostPoint.DISK, LinuxHostPoint.BUILD);
    assertThat(lines(several))
        .containsSubsequence(
            "To mend what is missing:",
            "  sudo: " + LinuxHostPoint.SUDO.mend(),
            "  build: " + LinuxHostPoint.BUILD.mend(),
            "For what is optional:",
            "  disk: " + LinuxHostPoint.DISK.mend(),
            "ssh://hg@builder:2222 cannot run tests yet.");
  }
}
