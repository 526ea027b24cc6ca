package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.ensure.Cidr;
import hgauto.aws.lease.LaunchTerms;
import hgauto.error.HgautoException;
import hgauto.error.RemoteWorkException;
import hgauto.hg.Changeset;
import hgauto.linux.Distros;
import hgauto.suite.MachineTime;
import hgauto.suite.SuiteResult;
import hgauto.suite.TestFlags;
import hgauto.suite.TestTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TestsReportTest {
  private static final MachineTime ASKED_FOR = machine("c7i.8xlarge");

  @Test
  void timesAreThoseOfTheSuiteAndTheCommand() {
    assertThat(report(false, List.of(), Optional.empty(), List.of()).lines())
        .containsExactly(
            "PASSED: 3 passed, 0 failed, 1 skipped",
            "time: 100.0 s (set-up 20.0 s, tests 50.0 s)",
            "cost: about $0.00",
            "results: results");
  }

  @Test
  void whereAllTestsWereSkippedNothingHasPassed() {
    assertThat(report(0, false, List.of(), Optional.empty(), List.of()).lines().get(0))
        .isEqualTo("NOTHING RAN: 0 passed, 0 failed, 1 skipped");
  }

  @Test
  void costIsThatOfWhatWasLaunched() {
    // An hour each, with 20 GiB and a public address.
    assertThat(dollars(ASKED_FOR)).isEqualTo("1.44");
    assertThat(dollars(machine("m7i.8xlarge"))).isEqualTo("1.62");
    assertThat(dollars(ASKED_FOR, machine("t3.2xlarge"))).isEqualTo("1.78");
    assertThat(dollars(new MachineTime(Optional.empty(), Duration.ofHours(1)))).isEqualTo("1.44");
  }

  @Test
  void aPriceThatIsNotKnownIsNotTakenForNothing() {
    TestsReport report =
        report(false, List.of(ASKED_FOR, machine("x9.metal")), Optional.empty(), List.of());
    assertThat(report.dollars()).isNull();
    assertThat(report.lines()).noneMatch(line -> line.startsWith("cost"));
  }

  @Test
  void spareCapacityCostsThatAtMost() {
    assertThat(report(true, List.of(ASKED_FOR), Optional.empty(), List.of()).lines())
        .contains("cost: at most $1.44, which is the price on demand");
  }

  @Test
  void whereItIsInterruptedTimeAndCostSoFarAreTold() {
    Duration total = Duration.ofMillis(12_345);
    MachineTime image = machine("t3.2xlarge");
    assertThat(soFar(false, ASKED_FOR, Optional.of(image), total))
        .containsExactly("time: 12.3 s", "cost so far: about $1.78");
    assertThat(soFar(true, ASKED_FOR, Optional.empty(), total))
        .containsExactly(
            "time: 12.3 s", "cost so far: at most $1.44, which is the price on demand");
    assertThat(soFar(true, machine("x9.metal"), Optional.empty(), total))
        .containsExactly("time: 12.3 s");
  }

  private static List<String> soFar(
      boolean spot, MachineTime machine, Optional<MachineTime> forImage, Duration total) {
    return TestsReport.linesSoFar(
        ec2(spot).dollars(false, List.of(machine), forImage), spot, total);
  }

  @Test
  void whatHasNoVerdictIsSaidEvenIfItsNamesAreNotKnown() {
    HgautoException limit = new RemoteWorkException("the tests did not end", "", "");
    TestsReport ended = report(false, List.of(), Optional.of(limit), List.of());
    assertThat(ended.complete()).isFalse();
    assertThat(ended.lines().get(0))
        .isEqualTo("FAILED: 3 passed, 0 failed, 1 skipped, others may not have run");
    TestsReport lost = report(false, List.of(), Optional.empty(), List.of("test-a.t", "test-b.t"));
    assertThat(lost.complete()).isFalse();
    assertThat(lost.lines().get(0)).endsWith(" 1 skipped, 2 not run");
  }

  @Test
  void whatTheImageWasMadeOnHasNoSecondDisk() {
    TestMachines.Ec2 ec2 = ec2(false);
    Duration month = Duration.ofDays(30);
    MachineTime machine = new MachineTime(Optional.of("t3.2xlarge"), month);
    double asImage = ec2.dollars(true, List.of(), Optional.of(machine)).orElseThrow();
    assertThat(asImage).isEqualTo(ec2.dollars(false, List.of(machine), Optional.empty()).get());
    assertThat(asImage).isLessThan(ec2.dollars(true, List.of(machine), Optional.empty()).get());
    assertThat(ec2.dollars(true, List.of(machine("x9.metal")), Optional.of(machine))).isEmpty();
  }

  private static MachineTime machine(String type) {
    return new MachineTime(Optional.of(type), Duration.ofHours(1));
  }

  private static String dollars(MachineTime... machines) {
    return report(false, List.of(machines), Optional.empty(), List.of()).dollars().toString();
  }

  private static TestMachines.Ec2 ec2(boolean spot) {
    LaunchTerms terms =
        new LaunchTerms(
            Set.of(Cidr.of("203.0.113.7").orElseThrow()),
            Optional.empty(),
            Duration.ofHours(4),
            false);
    return new TestMachines.Ec2(Distros.known().named("debian12"), "c7i.8xlarge", 1, spot, terms);
  }

  private static TestsReport report(
      boolean spot,
      List<MachineTime> machines,
      Optional<HgautoException> failure,
      List<String> withoutVerdict) {
    return report(3, spot, machines, failure, withoutVerdict);
  }

  private static TestsReport report(
      int passed,
      boolean spot,
      List<MachineTime> machines,
      Optional<HgautoException> failure,
      List<String> withoutVerdict) {
    SuiteResult result =
        new SuiteResult(
            failure.isPresent() ? 1 : withoutVerdict.isEmpty() ? 0 : 3,
            passed,
            1,
            0,
            withoutVerdict,
            TestTimes.NONE,
            Duration.ofSeconds(20),
            Duration.ofSeconds(50),
            machines,
            List.of(),
            failure,
            Optional.empty());
    return TestsReport.of(
        new Changeset("a".repeat(40), "default", "ann", "draft", "title"),
        TestFlags.of(List.of()),
        new TestsReport.Place(
            "system3", null, "default", "debian12", null, "c7i.8xlarge", null, spot),
        result,
        ec2(spot).dollars(false, machines, Optional.empty()),
        Path.of("results"),
        Duration.ofSeconds(100));
  }
}
