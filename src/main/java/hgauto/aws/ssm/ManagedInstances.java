package hgauto.aws.ssm;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InstanceInformationStringFilter;
import software.amazon.awssdk.services.ssm.model.PingStatus;

/**
 * The instances whose agent has told Systems Manager of itself, in the region that commands work
 * in.
 */
public final class ManagedInstances {
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final Account account;
  private final Poll poll;

  /** Nothing is asked of AWS yet. */
  public ManagedInstances(Account account, Poll poll) {
    this.account = account;
    this.poll = poll;
  }

  /**
   * Waits until commands can be sent to an instance: its agent is online. One that is listed alone
   * need not be: those whose connection is lost stay listed.
   *
   * @param check is run before every look; what it throws ends the waiting, as where the instance
   *     has ended
   * @throws EnvironmentException if it is not online after {@code atMost}, with how it was seen
   *     last; or AWS refuses to tell
   */
  public void awaitOnline(String instanceId, Runnable check, Duration atMost)
      throws InterruptedException {
    PatientLook look = new PatientLook();
    poll.until(
        instanceId + " to be online in Systems Manager",
        EVERY,
        atMost,
        saw -> {
          check.run();
          return look.at(() -> online(instanceId, saw), saw);
        });
  }

  private Optional<PingStatus> online(String instanceId, Consumer<String> saw) {
    Optional<PingStatus> status = pingStatus(instanceId);
    saw.accept(
        status
            .map(seen -> "its agent was " + seen)
            .orElse("its agent, which needs its instance profile and a way out, was not heard of"));
    return status.filter(PingStatus.ONLINE::equals);
  }

  /**
   * How the agent stands.
   *
   * @return empty if Systems Manager does not know the instance
   * @throws EnvironmentException if AWS refuses to tell
   */
  Optional<PingStatus> pingStatus(String instanceId) {
    return information(instanceId).map(InstanceInformation::pingStatus);
  }

  /**
   * What the agent has told of itself and of its machine.
   *
   * @return empty if Systems Manager does not know the instance
   * @throws EnvironmentException if AWS refuses to tell
   */
  Optional<InstanceInformation> information(String instanceId) {
    try {
      return AwsCall.make(
          "ssm:DescribeInstanceInformation",
          "look whether " + instanceId + " in " + region() + " is online",
          () ->
              account
                  .clients()
                  .ssm(region())
                  .describeInstanceInformation(
                      r ->
                          r.filters(
                              InstanceInformationStringFilter.builder()
                                  .key("InstanceIds")
                                  .values(instanceId)
                                  .build()))
                  .instanceInformationList()
                  .stream()
                  .findFirst());
    } catch (EnvironmentException e) {
      // By AWS's documentation, one that it does not know may be an error, too.
      if (AwsCall.code(e).equals("InvalidInstanceId")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private String region() {
    return account.region().region();
  }
}
