package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.Parallel;
import hgauto.poll.Poll;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Steps to carry out, in the order of their ranks. */
public record Plan(List<Step> steps) {
  public Plan {
    steps = steps.stream().sorted(Comparator.comparing(Step::rank)).toList();
  }

  /** Its steps of one rank. */
  public Plan only(Step.Rank rank) {
    return new Plan(steps.stream().filter(step -> step.rank() == rank).toList());
  }

  /** What it changes, in the order in which it does. */
  public List<Change> changes() {
    return steps.stream().flatMap(step -> step.changes().stream()).toList();
  }

  /**
   * Carries it out, the steps of one rank at once. A step that fails stops no other.
   *
   * @param told is given each outcome as it comes, by several threads
   * @return an outcome for each change
   */
  public List<Outcome> apply(Account account, Poll poll, Consumer<Outcome> told)
      throws InterruptedException {
    Map<Step.Rank, List<Step>> ranks =
        steps.stream()
            .collect(Collectors.groupingBy(Step::rank, TreeMap::new, Collectors.toList()));
    List<Outcome> outcomes = new ArrayList<>();
    for (List<Step> rank : ranks.values()) {
      List<Callable<List<Outcome>>> work = new ArrayList<>();
      for (Step step : rank) {
        work.add(
            () -> {
              List<Outcome> came = step.carryOut(account, poll);
              came.forEach(told);
              return came;
            });
      }
      Parallel.all(work).forEach(outcomes::addAll);
    }
    return outcomes;
  }
}
