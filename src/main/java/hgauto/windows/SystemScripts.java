package hgauto.windows;

import com.google.gson.JsonObject;
import hgauto.aws.lease.Lease;
import hgauto.aws.ssm.CommandResult;
import hgauto.aws.ssm.RunCommand;
import hgauto.aws.ssm.WindowsInstance;
import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import java.time.Duration;
import java.util.stream.Collectors;

/** Runs scripts on one machine by Systems Manager, as SYSTEM. */
@FunctionalInterface
interface SystemScripts {
  /**
   * Runs a script to its end. It may be run twice, where the answer to the request is lost.
   *
   * @param atMost how long it may run
   * @return what it printed, at most 24,000 characters
   * @throws EnvironmentException if it ends with anything but 0
   * @throws MachineLostException if the machine's agent or the machine is lost
   */
  String run(WindowsScript script, JsonObject values, Duration atMost) throws InterruptedException;

  /** On that machine, whose agent is online by then. */
  static SystemScripts on(Lease lease, RunCommand commands) {
    return (script, values, atMost) ->
        output(
            commands.run(
                lease.id(), script.command(values), atMost, () -> assureNotEnded(lease, script)),
            script.name() + " failed on " + lease,
            lease.region(),
            lease.id());
  }

  /** On that machine, which is somebody else's to end, and whose agent is online. */
  static SystemScripts on(WindowsInstance instance, RunCommand commands) {
    return (script, values, atMost) ->
        output(
            commands.run(instance.id(), script.command(values), atMost, instance::assureRunning),
            script.name() + " failed on " + instance,
            instance.region(),
            instance.id());
  }

  private static String output(
      CommandResult result, String failure, String region, String instanceId) {
    if (result.exitCode() != 0) {
      throw new EnvironmentException(
          failure,
          "exit code " + result.exitCode() + ":\n" + beginning(result),
          "Look with: aws ssm get-command-invocation --region "
              + region
              + " --command-id "
              + result.commandId()
              + " --instance-id "
              + instanceId);
    }
    return result.output();
  }

  private static void assureNotEnded(Lease lease, WindowsScript script) {
    lease
        .whyEnded()
        .ifPresent(
            why -> {
              throw new MachineLostException(
                  lease + " ended before " + script.name() + " had run",
                  why,
                  "Run the command again.",
                  null);
            });
  }

  /** PowerShell says first what is wrong, and then at length where. */
  private static String beginning(CommandResult result) {
    String said = result.error().isBlank() ? result.output() : result.error();
    return said.strip().lines().limit(10).collect(Collectors.joining("\n"));
  }
}
