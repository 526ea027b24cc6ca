package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Prices;
import hgauto.aws.lease.LeaseJournal;
import hgauto.console.Console;
import hgauto.poll.Poll;
import java.util.EnumSet;

/** Lists what is ours in an account, whose it is, and what it costs. */
public final class ListResources {
  private final Console console;
  private final Account account;
  private final Upkeep upkeep;

  /**
   * @param journal what killed runs have left in it is ended first
   * @param poll waits for instances' end
   */
  public ListResources(Console console, Account account, LeaseJournal journal, Poll poll) {
    this.console = console;
    this.account = account;
    this.upkeep = new Upkeep(console, account, journal, poll);
  }

  /**
   * Lists it, when what should have ended by itself is ended.
   *
   * @param allRegions whether to look in every region, or in the account's own
   * @return the exit code, 0
   */
  public int run(boolean allRegions) throws InterruptedException {
    upkeep.recover();
    Look look = Look.around(console, account, allRegions, EnumSet.allOf(Kind.class));
    if (upkeep.endExpired(look)) {
      look = look.again(account);
    }
    ListReport report = ListReport.of(look, new Prices());
    report.lines(look.now()).forEach(console::result);
    console.json(report);
    return 0;
  }
}
