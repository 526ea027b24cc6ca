package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.CleanUp;
import hgauto.aws.plan.Outcome;
import hgauto.console.Console;
import hgauto.poll.Poll;
import hgauto.process.OnShutdown;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A clean-up that is shown, then carried out as it was shown, then reported. */
final class CleanUpRun {
  private final Console console;
  private final Look look;
  private final CleanUp cleanUp;
  private final List<Change> pending;

  /**
   * @param pending what killed runs have left, and what is yet to be ended of that
   */
  CleanUpRun(Console console, Look look, CleanUp cleanUp, List<Change> pending) {
    Set<String> ending = pending.stream().map(Change::id).collect(Collectors.toSet());
    this.console = console;
    this.look = look;
    this.cleanUp =
        new CleanUp(
            cleanUp.plan(),
            cleanUp.leftOut().stream().filter(left -> !ending.contains(left.id())).toList());
    this.pending = pending;
  }

  boolean isEmpty() {
    return pending.isEmpty() && changes().isEmpty();
  }

  /** Says what is to be done, and what is not. */
  void show() {
    pending.forEach(
        change -> console.info("  an earlier run's instance would be ended: " + change));
    changes().forEach(change -> console.info("  " + change));
    cleanUp.leftOut().forEach(left -> console.info("  " + left));
  }

  /** Reports the plan alone. Returns the exit code. */
  int stopHere() {
    return report(CleanUpReport.planned(look, cleanUp, pending));
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
    List<Outcome> outcomes =
        OnShutdown.during(
            () -> cleanUp.plan().apply(account, poll, progress::tell),
            () ->
                console.lastWord(
                    "interrupted: what is not said to be gone may remain; run the command again"));
    return report(CleanUpReport.carriedOut(look, cleanUp, recovered, outcomes));
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
