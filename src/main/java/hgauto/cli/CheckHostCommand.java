package hgauto.cli;

import hgauto.machine.SshAddress;
import hgauto.task.CheckHost;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hgauto check-host}. */
@Command(
    name = "check-host",
    header = "Check whether a Linux host of yours can run tests.",
    description = {
      "",
      "Looks point by point whether the host is as docs/remote-machines.md asks, says how to mend what"
          + " is not, and leaves nothing there. The host's key must be in ~/.ssh/known_hosts; it must"
          + " take the key that is in the state folder, which is made if there is none. The exit code is"
          + " 0 if all that is required is there, else 1.",
      "",
      "Example:",
      "  hgauto check-host ssh://hg@builder:2222",
      ""
    })
final class CheckHostCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Parameters(
      paramLabel = "URL",
      description =
          "Where it is, such as ssh://hg@builder:2222; user hg and port 22 may be left out.")
  private String url;

  CheckHostCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new CheckHost(session.console())
        .run(
            new CheckHost.Request(
                SshAddress.of(url), session.knownHosts(), session.state().keys()));
  }
}
