package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Recovery;
import hgauto.aws.plan.Expired;
import hgauto.aws.plan.Outcome;
import hgauto.aws.plan.Plan;
import hgauto.console.Console;
import hgauto.poll.Poll;
import java.util.List;

/**
 * Ends what should have ended by itself, for commands that are there for something else: what runs
 * of this state folder have left that were killed, and what is past its expiry. What it cannot end
 * it tells, and lets the command go on.
 */
final class Upkeep {
  private final Console console;
  private final Account account;
  private final LeaseJournal journal;
  private final Poll poll;

  Upkeep(Console console, Account account, LeaseJournal journal, Poll poll) {
    this.console = console;
    this.account = account;
    this.journal = journal;
    this.poll = poll;
  }

  /** Ends what killed runs have left. */
  void recover() throws InterruptedException {
    tell(new Recovery(account, journal, poll, console::info).run());
  }

  /**
   * Ends the instances that are past their expiry, whosever they are.
   *
   * @return whether there were any, so that what was seen is not what there is
   */
  boolean endExpired(Look look) throws InterruptedException {
    Plan plan = Expired.plan(look.inventories(), look.now());
    plan.changes().forEach(change -> console.info("past its expiry: " + change));
    tell(plan.apply(account, poll, outcome -> {}));
    return !plan.steps().isEmpty();
  }

  private void tell(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      if (outcome.failed()) {
        console.warn(
            "could not " + outcome.change() + ": " + outcome.why() + "\n  " + outcome.next());
      } else {
        console.info("ended " + outcome.id());
      }
    }
  }
}
