package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.inventory.Kind;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.aws.plan.Scope;
import hgauto.aws.plan.TerminatePlan;
import hgauto.console.Console;
import hgauto.poll.Poll;
import java.util.List;
import java.util.Set;

/** Ends instances, and waits until they are gone. */
public final class TerminateInstances {
  private final Console console;
  private final Account account;
  private final Poll poll;
  private final Upkeep upkeep;

  /**
   * What to end.
   *
   * @param allRegions whether to look in every region, or in the account's own
   * @param dryRun whether to say only what would be done
   */
  public record Request(Scope scope, boolean allRegions, boolean dryRun) {}

  /**
   * @param journal what killed runs have left in it goes first
   * @param poll waits for the instances' end
   */
  public TerminateInstances(Console console, Account account, LeaseJournal journal, Poll poll) {
    this.console = console;
    this.account = account;
    this.poll = poll;
    this.upkeep = new Upkeep(console, account, journal, poll);
  }

  /**
   * Carries out the request.
   *
   * @return the exit code: 0, or 4 if something remains that should have gone
   */
  public int run(Request request) throws InterruptedException {
    List<Change> pending = request.dryRun() ? upkeep.pending() : List.of();
    List<Outcome> recovered = request.dryRun() ? List.of() : upkeep.recover();
    Look look = Look.around(console, account, request.allRegions(), Set.of(Kind.INSTANCES));
    CleanUpRun run =
        new CleanUpRun(
            console,
            look,
            TerminatePlan.of(look.inventories(), request.scope(), look.now()),
            pending);
    run.show();
    return request.dryRun() ? run.stopHere() : run.carryOut(account, poll, recovered);
  }
}
