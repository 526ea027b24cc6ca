package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Recovery;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Expired;
import hgauto.aws.plan.Outcome;
import hgauto.aws.plan.Plan;
import hgauto.console.Console;
import hgauto.poll.Poll;
import java.util.List;

/**
 * Ends what should have ended by itself: what runs of this state folder have left that were killed,
 * and what is past its expiry. Each outcome is told as soon as it is known, so that none is lost
 * where the command fails later; what it cannot end lets the command go on.
 */
final class Upkeep {
  private final Console console;
  private final Account account;
  private final Poll poll;
  private final Recovery recovery;

  Upkeep(Console console, Account account, LeaseJournal journal, Poll poll) {
    this.console = console;
    this.account = account;
    this.poll = poll;
    this.recovery = new Recovery(account, journal, poll, console::info);
  }

  /** What {@link #recover} would end. */
  List<Change> pending() throws InterruptedException {
    return recovery.pending();
  }

  /** Ends what killed runs have left. */
  List<Outcome> recover() throws InterruptedException {
    List<Outcome> outcomes = recovery.run();
    outcomes.forEach(this::tell);
    return outcomes;
  }

  /**
   * Ends the instances that are past their expiry, whosever they are.
   *
   * @return an outcome for each; if there is any, then what was seen is not what there is
   */
  List<Outcome> endExpired(Look look) throws InterruptedException {
    Plan plan = Expired.plan(look.inventories(), look.now());
    plan.changes().forEach(change -> console.info("past its expiry: " + change));
    return plan.apply(account, poll, this::tell);
  }

  private void tell(Outcome outcome) {
    switch (outcome.result()) {
      case DONE -> console.info("ended " + outcome.id());
      case ALREADY -> console.info("was gone already: " + outcome.id());
      case KEPT, FAILED ->
          console.warn(
              "could not " + outcome.change() + ": " + outcome.why() + "\n  " + outcome.next());
    }
  }
}
