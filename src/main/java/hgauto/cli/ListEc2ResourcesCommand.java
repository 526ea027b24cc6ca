package hgauto.cli;

import hgauto.poll.Poll;
import hgauto.task.ListResources;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hgauto list-ec2-resources}. */
@Command(
    name = "list-ec2-resources",
    header = "List what hgauto has in AWS, whose it is and what it costs.",
    description = {
      "",
      "Lists what bears hgauto's tags, whosever it is, and what automation.py made. Costs are"
          + " estimates by AWS's on-demand prices in us-west-2, without traffic; volumes that"
          + " automation.py made bear no tag and are not in it. Instances that are past their expiry,"
          + " and those that a killed run has left, are ended on the way; where one cannot be, it says"
          + " so and the exit code is 4.",
      "",
      "Examples:",
      "  hgauto list-ec2-resources                  in the region that you work in",
      "  hgauto list-ec2-resources --all-regions    what was forgotten elsewhere, too",
      ""
    })
final class ListEc2ResourcesCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Option(
      names = "--all-regions",
      description = "Look in every region that is enabled for the account.")
  private boolean allRegions;

  ListEc2ResourcesCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new ListResources(session.console(), session.account(), session.leases(), Poll.real())
        .run(allRegions);
  }
}
