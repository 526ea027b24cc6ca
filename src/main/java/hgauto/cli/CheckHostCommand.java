package hgauto.cli;

import hgauto.error.UsageException;
import hgauto.machine.SshAddress;
import hgauto.poll.Poll;
import hgauto.task.CheckHost;
import hgauto.task.CheckWindowsHost;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hgauto check-host}. */
@Command(
    name = "check-host",
    header = "Check whether a Linux or Windows machine is as it must be.",
    description = {
      "",
      "Looks point by point whether a Linux host is as docs/remote-machines.md asks, or a Windows"
          + " instance in EC2 as docs/windows-machines.md does, says how to mend what is not, and"
          + " leaves nothing there.",
      "A Linux host is reached by SSH: its key must be in ~/.ssh/known_hosts; it must take the key"
          + " that is in the state folder, which is made if there is none. A Windows instance is"
          + " reached by Systems Manager, and need not be one that hgauto has launched.",
      "The exit code is 0 if all that is required is there, else 1.",
      "",
      "Examples:",
      "  hgauto check-host ssh://hg@builder:2222",
      "  hgauto check-host i-0123456789abcdef0 --aws-region eu-central-1",
      ""
    })
final class CheckHostCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Parameters(
      paramLabel = "HOST",
      description =
          "Where it is, such as ssh://hg@builder:2222; user hg and port 22 may be left out. Or the"
              + " id of an instance.")
  private String host;

  CheckHostCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (host.matches("i-[0-9a-f]+")) {
      return new CheckWindowsHost(session.console(), session.account(), Poll.real()).run(host);
    }
    if (host.matches("mi-[0-9a-f]+")) {
      throw new UsageException(
          host + " is not in EC2",
          "hgauto builds and tests on Windows machines of EC2 only, which it launches",
          "Name an instance, whose id begins with i-.");
    }
    return new CheckHost(session.console())
        .run(
            new CheckHost.Request(
                SshAddress.of(host), session.knownHosts(), session.state().keys()));
  }
}
