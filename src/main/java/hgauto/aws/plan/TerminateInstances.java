package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.inventory.Instance;
import hgauto.poll.Poll;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Ends instances of a region by one call, and waits until they are gone.
 *
 * @param changes as many as EC2 takes at once
 */
record TerminateInstances(String region, List<Change> changes) implements Step {
  /** How many ids EC2 takes in one call. */
  private static final int AT_ONCE = 1000;

  private static final Comparator<String> UNTAGGED_LAST =
      Comparator.comparing(String::isEmpty).thenComparing(Comparator.naturalOrder());

  /**
   * The steps that end these instances. Each owner's have steps of their own, and so have those
   * that bear no tag: a caller may be allowed to end some owners' only, and EC2 would refuse the
   * whole call.
   */
  static List<Step> all(Collection<Instance> instances, Instant now) {
    Map<String, Map<String, List<Change>>> byRegion =
        instances.stream()
            .collect(
                Collectors.groupingBy(
                    Instance::region,
                    TreeMap::new,
                    Collectors.groupingBy(
                        instance -> instance.ownership().owner().orElse(""),
                        () -> new TreeMap<>(UNTAGGED_LAST),
                        Collectors.mapping(
                            instance -> Deletion.of("terminate", instance, now),
                            Collectors.toList()))));
    List<Step> steps = new ArrayList<>();
    byRegion.forEach(
        (region, byOwner) ->
            byOwner.values().forEach(changes -> steps.addAll(batches(region, changes))));
    return steps;
  }

  private static List<Step> batches(String region, List<Change> changes) {
    List<Step> steps = new ArrayList<>();
    for (int from = 0; from < changes.size(); from += AT_ONCE) {
      int to = Math.min(from + AT_ONCE, changes.size());
      steps.add(new TerminateInstances(region, List.copyOf(changes.subList(from, to))));
    }
    return steps;
  }

  @Override
  public Rank rank() {
    return Rank.INSTANCES;
  }

  @Override
  public List<Outcome> carryOut(Account account, Poll poll) throws InterruptedException {
    return new Termination(account.clients().ec2(region), region, changes).carryOut(poll);
  }
}
