package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Prices;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.plan.Outcome;
import hgauto.console.Console;
import hgauto.poll.Poll;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
   * @return the exit code: 0, or 4 if something remains that should have ended by itself
   */
  public int run(boolean allRegions) throws InterruptedException {
    Map<String, Outcome> ended = new LinkedHashMap<>(); // what failed may be done a moment later
    upkeep.recover().forEach(outcome -> ended.put(outcome.id(), outcome));
    Look look = Look.around(console, account, allRegions, EnumSet.allOf(Kind.class));
    List<Outcome> expired = upkeep.endExpired(look);
    if (!expired.isEmpty()) {
      expired.forEach(outcome -> ended.put(outcome.id(), outcome));
      look = look.again(account);
    }
    ListReport report = ListReport.of(look, new Prices(), ended.values());
    report.lines(look.now()).forEach(console::result);
    console.json(report);
    return report.exitCode();
  }
}
