package hgauto.task;

import hgauto.hg.Changeset;
import hgauto.linux.SuiteResult;
import hgauto.machine.SshAddress;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run of tests came to, as text for a person and, with {@code --json}, as it stands.
 *
 * @param node the changeset, 40 hexadecimal digits
 * @param testFlags what run-tests.py was given
 * @param distro of machines in EC2, else null
 * @param instanceType likewise
 * @param hosts where the tests ran; null in EC2
 * @param exitCode run-tests.py's, or 3 where tests have no verdict
 * @param withoutVerdict the names of tests that came to no end
 * @param setupSeconds until the tests began
 * @param testSeconds from then on, to the end of the last machine
 * @param dollars an estimate of what the machines cost; null if it is not known, or they are not
 *     EC2's
 * @param results the folder with the reports
 */
public record LinuxTestsReport(
    String node,
    List<String> testFlags,
    String python,
    String filesystem,
    String distro,
    String instanceType,
    List<String> hosts,
    int exitCode,
    int passed,
    int failed,
    int skipped,
    List<String> withoutVerdict,
    double setupSeconds,
    double testSeconds,
    double totalSeconds,
    BigDecimal dollars,
    String results) {

  static LinuxTestsReport of(
      Changeset changeset,
      RunTestsLinux.Request request,
      SuiteResult result,
      Path results,
      Duration total) {
    TestMachines.Ec2 ec2 = request.machines() instanceof TestMachines.Ec2 some ? some : null;
    TestMachines.Hosts hosts = request.machines() instanceof TestMachines.Hosts some ? some : null;
    return new LinuxTestsReport(
        changeset.node(),
        request.flags().given(),
        request.python().toString(),
        request.filesystem().toString(),
        ec2 == null ? null : ec2.distro().name(),
        ec2 == null ? null : ec2.type(),
        hosts == null ? null : hosts.addresses().stream().map(SshAddress::toString).toList(),
        result.exitCode(),
        result.passed(),
        result.failed(),
        result.skipped(),
        result.withoutVerdict(),
        seconds(result.setup()),
        seconds(total.minus(result.setup())),
        seconds(total),
        request
            .machines()
            .dollars(request.filesystem().needsDisk(), result.machines())
            .map(ImageItem::money)
            .orElse(null),
        results.toString());
  }

  /** For a person. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        (exitCode == 0 ? "PASSED: " : "FAILED: ")
            + passed
            + " passed, "
            + failed
            + " failed, "
            + skipped
            + " skipped"
            + (withoutVerdict.isEmpty() ? "" : ", " + withoutVerdict.size() + " not run"));
    lines.add(
        String.format(
            Locale.ROOT,
            "time: %.1f s (set-up %.1f s, tests %.1f s)",
            totalSeconds,
            setupSeconds,
            testSeconds));
    if (dollars != null) {
      lines.add("cost: about $" + dollars);
    }
    lines.add("results: " + results);
    return lines;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
