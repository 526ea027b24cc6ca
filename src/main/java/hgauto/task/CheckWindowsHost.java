package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.ssm.RunCommand;
import hgauto.aws.ssm.WindowsInstance;
import hgauto.console.Console;
import hgauto.poll.Poll;
import hgauto.windows.WindowsHostCheck;

/** Checks whether a Windows machine is as docs/windows-machines.md asks. */
public final class CheckWindowsHost {
  private final Console console;
  private final Account account;
  private final Poll poll;

  /** Nothing is asked of AWS yet. */
  public CheckWindowsHost(Console console, Account account, Poll poll) {
    this.console = console;
    this.account = account;
    this.poll = poll;
  }

  /**
   * Checks it.
   *
   * @param instanceId of an instance in EC2
   * @return 0 if all that is required holds, else 1
   * @throws hgauto.error.UsageException if it is not there, or no Windows machine
   * @throws hgauto.error.EnvironmentException if no script can be run there; it says what to do
   */
  public int run(String instanceId) throws InterruptedException {
    console.info(account.caller() + ", region " + account.region());
    WindowsInstance instance = new WindowsInstance(account, poll, instanceId);
    console.info("checking " + instance);
    HostCheckReport report =
        HostCheckReport.of(
            instanceId, WindowsHostCheck.of(instance, new RunCommand(account, poll)));
    report.lines("build Mercurial", "").forEach(console::result);
    console.json(report);
    return report.exitCode();
  }
}
