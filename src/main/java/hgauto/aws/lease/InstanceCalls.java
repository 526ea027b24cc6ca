package hgauto.aws.lease;

import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** What is asked of EC2 about instances in a region, and their end. */
final class InstanceCalls {
  /** Between two looks at something that changes. */
  static final Duration EVERY = Duration.ofSeconds(2);

  /** Whose command it is that has to do with EC2 again; hgauto try does not. */
  static final String NEXT_COMMAND = "hgauto list-ec2-resources (or any command that uses EC2)";

  private static final Duration KNOWN_WITHIN = Duration.ofMinutes(1);
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(10);

  private final Ec2Client ec2;
  private final String region;
  private final Poll poll;
  private final Clock clock;

  /**
   * @param clock of AWS
   */
  InstanceCalls(Ec2Client ec2, String region, Poll poll, Clock clock) {
    this.ec2 = ec2;
    this.region = region;
    this.poll = poll;
    this.clock = clock;
  }

  private static boolean unknown(EnvironmentException e) {
    return AwsCall.code(e).startsWith("InvalidInstanceID.");
  }

  /** What a person runs to end instances. */
  static String command(String region, Collection<String> ids) {
    return "aws ec2 terminate-instances --region "
        + region
        + " --instance-ids "
        + String.join(" ", ids);
  }

  /** What a person runs to see what a client token has made. */
  static String search(String region, String token) {
    return "aws ec2 describe-instances --region "
        + region
        + " --filters Name=client-token,Values="
        + token;
  }

  static boolean terminated(Instance instance) {
    return instance.state().name() == InstanceStateName.TERMINATED;
  }

  /** The instance that a request with this client token made, in whatever state; for an hour. */
  Optional<Instance> withToken(String token) {
    return describe("client-token", List.of(token), "the one launched as " + token).stream()
        .findFirst();
  }

  /** Those of the ids that EC2 knows, in whatever state. */
  List<Instance> withIds(Collection<String> ids) {
    return describe("instance-id", ids, String.join(", ", ids));
  }

  /** As a filter, what EC2 does not know is just not in the answer. */
  private List<Instance> describe(String filter, Collection<String> values, String what) {
    DescribeInstancesResponse found =
        AwsCall.make(
            "ec2:DescribeInstances",
            "look for instance " + what + " in " + region,
            () ->
                ec2.describeInstances(
                    r -> r.filters(Filter.builder().name(filter).values(values).build())));
    return found.reservations().stream().flatMap(r -> r.instances().stream()).toList();
  }

  /**
   * Ends the instance that a lease stands for, and waits for that, ten minutes at most.
   *
   * @throws EnvironmentException if EC2 refuses, or does not come to know it within a minute, or
   *     the time is up
   */
  void end(LeaseEntry entry, String id) throws InterruptedException {
    boolean gone =
        poll.until("EC2 to know " + id, EVERY, KNOWN_WITHIN, saw -> told(entry, id, saw));
    if (!gone) {
      poll.until(id + " to be terminated", EVERY, ENDS_WITHIN, saw -> ended(id, saw));
    }
  }

  /**
   * Tells it to end. That EC2 does not know the id does not mean that there is no instance, not
   * even where it has been seen: not all of EC2 knows at once of a new one.
   *
   * @return whether it is gone already; empty if it has to be told again
   */
  private Optional<Boolean> told(LeaseEntry entry, String id, Consumer<String> saw) {
    try {
      AwsCall.make(
          "ec2:TerminateInstances",
          "terminate " + id + " in " + region,
          () -> ec2.terminateInstances(r -> r.instanceIds(id)));
      return Optional.of(false);
    } catch (EnvironmentException e) {
      if (!unknown(e)) {
        throw e;
      }
      saw.accept("EC2 said: " + e.why());
      Optional<Instance> found = withToken(entry.token());
      boolean gone =
          found.map(InstanceCalls::terminated).orElseGet(() -> entry.isOld(clock.instant()));
      return gone ? Optional.of(true) : Optional.empty();
    }
  }

  private Optional<String> ended(String id, Consumer<String> saw) {
    for (Instance instance : withIds(List.of(id))) {
      if (!terminated(instance)) {
        saw.accept("it was " + instance.state().nameAsString());
        return Optional.empty();
      }
    }
    return Optional.of(id);
  }
}
