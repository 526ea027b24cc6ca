package hgauto.cli;

import hgauto.poll.Poll;
import hgauto.task.PurgeResources;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hgauto purge-ec2-resources}. */
@Command(
    name = "purge-ec2-resources",
    header = "Remove all that you have in EC2, images too.",
    description = {
      "",
      "Ends instances, then removes images with their snapshots, forgotten snapshots and volumes,"
          + " security groups, key pairs, the instance profile and the role: yours and those that"
          + " automation.py made. Asks first. What others need stays; it says what, and why.",
      "",
      "Examples:",
      "  hgauto purge-ec2-resources --dry-run         say what would go",
      "  hgauto purge-ec2-resources --older-than 30d  old things and unused images only",
      ""
    })
final class PurgeEc2ResourcesCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Mixin private CleanUpOptions options;

  @Option(
      names = "--keys",
      description = "Remove key pairs even if their private key is not in the state folder.")
  private boolean anyKey;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  PurgeEc2ResourcesCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new PurgeResources(session.console(), session.account(), session.leases(), Poll.real())
        .run(
            new PurgeResources.Request(
                options.scope(),
                options.allRegions(),
                session.state().keys(),
                anyKey,
                options.dryRun(),
                yes));
  }
}
