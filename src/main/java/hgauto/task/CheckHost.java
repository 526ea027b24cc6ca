package hgauto.task;

import hgauto.console.Console;
import hgauto.linux.LinuxHostCheck;
import hgauto.machine.HostKeys;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import java.nio.file.Path;
import java.time.Duration;

/** Checks whether a Linux host is as docs/remote-machines.md asks. */
public final class CheckHost {
  private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(30);

  private final Console console;

  /** Speaks to that console. */
  public CheckHost(Console console) {
    this.console = console;
  }

  /**
   * What to check.
   *
   * @param knownHosts the file with the host's key
   * @param keysFolder has the key that opens the host, or gets one
   */
  public record Request(SshAddress address, Path knownHosts, Path keysFolder) {}

  /**
   * Checks it.
   *
   * @return 0 if all that is required holds, else 1
   * @throws hgauto.error.EnvironmentException if it cannot be reached, its key is not known, or it
   *     does not take ours; it says what to do
   */
  public int run(Request request) throws InterruptedException {
    console.info("checking " + request.address());
    HostCheckReport report;
    try (SshMachine machine =
        SshMachine.connect(
            request.address(),
            new HostKeys.KnownHosts(request.knownHosts()),
            key(request.keysFolder()),
            CONNECTS_WITHIN)) {
      report = HostCheckReport.of(request.address().toString(), LinuxHostCheck.of(machine));
    }
    report
        .lines("run tests", ": hgauto run-tests-linux --host " + report.host())
        .forEach(console::result);
    console.json(report);
    return report.exitCode();
  }

  private static SshKey key(Path folder) {
    return SshKey.in(folder).orElseGet(() -> SshKey.generate().save(folder));
  }
}
