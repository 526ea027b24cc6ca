package hgauto.windows;

import com.google.gson.JsonObject;
import hgauto.aws.ssm.RunCommand;
import hgauto.aws.ssm.WindowsInstance;
import hgauto.host.Finding;
import hgauto.host.HostFindings;
import java.time.Duration;
import java.util.List;

/** Checks on a Windows machine what docs/windows-machines.md asks of it. Changes nothing there. */
public final class WindowsHostCheck {
  /** It starts each Python, and a machine that has just booted is slow. */
  private static final Duration AT_MOST = Duration.ofMinutes(5);

  private WindowsHostCheck() {}

  /**
   * Checks all points; that a script can be run there proves the first.
   *
   * @return a finding for each point, in their order
   * @throws hgauto.error.UsageException if it is not there, or no Windows machine
   * @throws hgauto.error.EnvironmentException if no script can be run there, or the one that looks
   *     fails
   */
  public static List<Finding> of(WindowsInstance instance, RunCommand commands)
      throws InterruptedException {
    HostFindings findings = new HostFindings(WindowsHostPoint.values());
    findings.add(WindowsHostPoint.AGENT, true, instance.assureOnline());
    findings.read(
        SystemScripts.on(instance, commands)
            .run(WindowsScript.named("check-host.ps1"), new JsonObject(), AT_MOST));
    return findings.all();
  }
}
