package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.CleanUp;
import hgauto.aws.plan.Outcome;
import hgauto.console.Console;
import hgauto.poll.Poll;
import hgauto.process.OnShutdown;
import java.util.ArrayList;
import java.util.List;

/** A clean-up that is shown, then carried out as it was shown, then reported. */
final class CleanUpRun {
  private final Console console;
  private final Look look;
  private final CleanUp cleanUp;

  CleanUpRun(Console console, Look look, CleanUp cleanUp) {
    this.console = console;
    this.look = look;
    this.cleanUp = cleanUp;
  }

  boolean isEmpty() {
    return changes().isEmpty();
  }

  /** Says what is to be done, and what is not. */
  void show() {
    changes().forEach(change -> console.info("  " + change));
    cleanUp.leftOut().forEach(left -> console.info("  " + left));
  }

  /** Reports the plan alone. Returns the exit code. */
  int stopHere() {
    return report(CleanUpReport.planned(look, cleanUp));
  }

  /**
   * Does it and reports.
   *
   * @param recovered what became of that which killed runs had left
   * @return the exit code
   */
  int carryOut(Account account, Poll poll, List<Outcome> recovered) throws InterruptedException {
    if (changes().stream().anyMatch(change -> change.kind().equals("instance"))) {
      console.info("ending instances; EC2 takes a minute or two until they are gone");
    }
    Progress progress = new Progress(console, changes().size());
    List<Outcome> outcomes = new ArrayList<>(recovered);
    outcomes.addAll(
        OnShutdown.during(
            () -> cleanUp.plan().apply(account, poll, progress::tell),
            () ->
                console.lastWord(
                    "interrupted: what is not said to be gone may remain; run the command again")));
    return report(CleanUpReport.carriedOut(look, cleanUp, outcomes));
  }

  private int report(CleanUpReport report) {
    report.lines().forEach(console::result);
    console.json(report);
    return report.exitCode();
  }

  private List<Change> changes() {
    return cleanUp.plan().changes();
  }
}
