package hgauto.cli;

import hgauto.poll.Poll;
import hgauto.task.TerminateInstances;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hgauto terminate-ec2-instances}. */
@Command(
    name = "terminate-ec2-instances",
    header = "End your EC2 instances and wait until they are gone.",
    description = {
      "",
      "Ends the instances that you made here, those that automation.py made, and all that are past"
          + " their expiry. It says what it ends, and what it leaves and why.",
      "",
      "Examples:",
      "  hgauto terminate-ec2-instances --dry-run         say what would go",
      "  hgauto terminate-ec2-instances --older-than 2h   leave what was started since",
      ""
    })
final class TerminateEc2InstancesCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Mixin private CleanUpOptions options;

  TerminateEc2InstancesCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new TerminateInstances(
            session.console(), session.account(), session.leases(), Poll.real())
        .run(
            new TerminateInstances.Request(
                options.scope(), options.allRegions(), options.dryRun()));
  }
}
