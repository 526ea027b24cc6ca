package hgauto.aws.plan;

import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateChange;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** The end of some instances, on its way. */
final class Termination {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration AT_MOST = Duration.ofMinutes(15);

  /** How many values EC2 takes in a filter. */
  private static final int IDS_IN_A_FILTER = 200;

  private static final String SHUTTING_DOWN = InstanceStateName.SHUTTING_DOWN.toString();
  private static final String TERMINATED = InstanceStateName.TERMINATED.toString();
  private static final String NOT_FOUND = "InvalidInstanceID.NotFound";

  /** These EC2 gives to a whole call for the sake of one instance. */
  private static final Set<String> FOR_ONE =
      Set.of(NOT_FOUND, Protection.CODE, "InvalidInstanceID.Malformed");

  private final Ec2Client ec2;
  private final String region;
  private final Map<String, Change> changes = new LinkedHashMap<>();

  /** The last state of those that are to end and are not known to have ended, by id. */
  private final Map<String, String> ending = new LinkedHashMap<>();

  /**
   * Those of them that EC2 did not find when it was told to end them. It may not know yet of an
   * instance that it lists, so only a look tells whether it is gone.
   */
  private final Set<String> notFound = new HashSet<>();

  private final Map<String, Outcome> outcomes = new HashMap<>();

  Termination(Ec2Client ec2, String region, List<Change> changes) {
    this.ec2 = ec2;
    this.region = region;
    changes.forEach(change -> this.changes.put(change.id(), change));
  }

  List<Outcome> carryOut(Poll poll) throws InterruptedException {
    end(List.copyOf(changes.keySet()));
    awaitTheEnd(poll);
    return changes.keySet().stream().map(outcomes::get).toList();
  }

  /** One bad id fails the whole call. It is found by halving, so that all others go. */
  private void end(List<String> ids) {
    try {
      terminate(ids);
    } catch (EnvironmentException e) {
      String code = AwsCall.code(e);
      if (ids.size() > 1 && FOR_ONE.contains(code)) {
        end(ids.subList(0, ids.size() / 2));
        end(ids.subList(ids.size() / 2, ids.size()));
      } else if (code.equals(NOT_FOUND)) {
        notFound.addAll(ids);
        ids.forEach(id -> ending.putIfAbsent(id, "not found"));
      } else {
        ids.forEach(
            id -> {
              notFound.remove(id);
              ending.remove(id);
              outcomes.put(id, refused(changes.get(id), e));
            });
      }
    }
  }

  private void terminate(List<String> ids) {
    List<InstanceStateChange> answer =
        AwsCall.make(
                "ec2:TerminateInstances",
                "terminate "
                    + (ids.size() == 1 ? ids.get(0) : ids.size() + " instances")
                    + " in "
                    + region,
                () -> ec2.terminateInstances(r -> r.instanceIds(ids)))
            .terminatingInstances();
    notFound.removeAll(ids);
    ids.forEach(id -> ending.put(id, SHUTTING_DOWN));
    answer.forEach(change -> saw(change.instanceId(), change.currentState().nameAsString()));
  }

  private Outcome refused(Change change, EnvironmentException e) {
    return Protection.refused(e)
        ? Outcome.failed(change, e.what() + ": " + e.why(), Protection.remedy(region, change.id()))
        : Deletion.failed(change, e, byHand(change));
  }

  private void awaitTheEnd(Poll poll) throws InterruptedException {
    if (ending.isEmpty()) {
      return;
    }
    try {
      poll.until(
          ending.size() + " instances in " + region + " to be gone",
          EVERY,
          AT_MOST,
          saw -> {
            look();
            saw.accept("still there: " + ending.size());
            return ending.isEmpty() ? Optional.of(true) : Optional.empty();
          });
    } catch (EnvironmentException e) {
      ending.forEach(
          (id, state) -> {
            Change change = changes.get(id);
            outcomes.put(
                id,
                Outcome.failed(
                    change,
                    "it was " + state + " when last seen; " + e.what() + ": " + e.why(),
                    (e.next() + " By hand: ").stripLeading() + byHand(change)));
          });
    }
  }

  /**
   * By a filter, since ids that are not found would fail the call. Those that EC2 did not find but
   * shows alive are told again.
   */
  private void look() {
    List<String> ids = List.copyOf(ending.keySet());
    for (int from = 0; from < ids.size(); from += IDS_IN_A_FILTER) {
      List<String> some = ids.subList(from, Math.min(from + IDS_IN_A_FILTER, ids.size()));
      Map<String, String> states = states(some);
      some.forEach(id -> saw(id, states.getOrDefault(id, TERMINATED)));
    }
    List<String> alive =
        notFound.stream().filter(id -> !ending.get(id).equals(SHUTTING_DOWN)).sorted().toList();
    if (!alive.isEmpty()) {
      end(alive);
    }
  }

  private Map<String, String> states(List<String> ids) {
    return AwsCall.make(
        "ec2:DescribeInstances",
        "see whether instances are gone in " + region,
        () ->
            ec2
                .describeInstancesPaginator(
                    r -> r.filters(Filter.builder().name("instance-id").values(ids).build()))
                .reservations()
                .stream()
                .flatMap(reservation -> reservation.instances().stream())
                .collect(Collectors.toMap(Instance::instanceId, it -> it.state().nameAsString())));
  }

  private void saw(String id, String state) {
    if (state.equals(TERMINATED)) {
      ending.remove(id);
      Change change = changes.get(id);
      outcomes.put(id, notFound.remove(id) ? Outcome.already(change) : Outcome.done(change));
    } else {
      ending.put(id, state);
    }
  }

  private String byHand(Change change) {
    return "aws ec2 terminate-instances --region " + region + " --instance-ids " + change.id();
  }
}
