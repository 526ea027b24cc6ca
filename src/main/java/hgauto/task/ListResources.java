package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Prices;
import hgauto.console.Console;
import java.util.EnumSet;

/** Lists what is ours in an account, whose it is, and what it costs. */
public final class ListResources {
  private final Console console;
  private final Account account;

  public ListResources(Console console, Account account) {
    this.console = console;
    this.account = account;
  }

  /**
   * Lists it.
   *
   * @param allRegions whether to look in every region, or in the account's own
   * @return the exit code, 0
   */
  public int run(boolean allRegions) throws InterruptedException {
    Look look = Look.around(console, account, allRegions, EnumSet.allOf(Kind.class));
    ListReport report = ListReport.of(look, new Prices());
    report.lines(look.now()).forEach(console::result);
    console.json(report);
    return 0;
  }
}
