package hgauto.aws.ssm;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.poll.Poll;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.PingStatus;

/**
 * An instance that somebody named, in the region that commands work in: whether it is there, and
 * scripts can be run on it by {@link RunCommand}.
 */
public final class WindowsInstance {
  private final Account account;
  private final ManagedInstances managed;
  private final String id;

  /** Nothing is asked of AWS yet. */
  public WindowsInstance(Account account, Poll poll, String id) {
    this.account = account;
    this.managed = new ManagedInstances(account, poll);
    this.id = id;
  }

  /** Its id, such as {@code i-0a1b…}. */
  public String id() {
    return id;
  }

  /** The region that it is looked for in. */
  public String region() {
    return account.region().region();
  }

  /**
   * Looks whether commands can be sent to it.
   *
   * @return its agent and its system, for a person
   * @throws UsageException if it is not there, or no Windows machine
   * @throws EnvironmentException if it does not run, or its agent is not online; it says what to do
   */
  public String assureOnline() {
    Instance instance = running();
    if (!"windows"
        .equalsIgnoreCase(instance.platformAsString())) { // EC2 and the SDK differ in case
      throw new UsageException(
          this + " is not a Windows machine",
          "",
          "A Linux machine is checked by SSH: hgauto check-host ssh://hg@ADDRESS");
    }
    Optional<InstanceInformation> agent = managed.information(id);
    return agent
        .filter(it -> it.pingStatus() == PingStatus.ONLINE)
        .map(WindowsInstance::words)
        .orElseThrow(() -> notOnline(instance, agent));
  }

  /**
   * Looks whether it runs.
   *
   * @throws UsageException if it is not there
   * @throws EnvironmentException if it does not
   */
  public void assureRunning() {
    running();
  }

  private Instance running() {
    Instance instance =
        AwsCall.make(
                "ec2:DescribeInstances",
                "look for instance " + this,
                () ->
                    account
                        .clients()
                        .ec2(region())
                        .describeInstances(
                            r ->
                                r.filters(Filter.builder().name("instance-id").values(id).build())))
            .reservations()
            .stream()
            .flatMap(reservation -> reservation.instances().stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "there is no instance " + this,
                        "EC2 does not know it in this account and region",
                        "Name its region with --aws-region; \"hgauto list-ec2-resources"
                            + " --all-regions\" lists what you have."));
    InstanceStateName state = instance.state().name();
    if (state != InstanceStateName.RUNNING) {
      throw new EnvironmentException(
          this + " is not running", "it is " + state, state == null ? "" : whatToDo(state));
    }
    return instance;
  }

  private String whatToDo(InstanceStateName state) {
    return switch (state) {
      case STOPPED -> "Start it: aws ec2 start-instances --region " + arguments("--instance-ids ");
      case PENDING, STOPPING -> "Wait until it is not on its way any more, and run this again.";
      default -> "It does not come back. Name another one.";
    };
  }

  private String arguments(String option) {
    return region() + " " + option + id;
  }

  private EnvironmentException notOnline(Instance instance, Optional<InstanceInformation> agent) {
    String why =
        agent
            .map(it -> "its agent is " + it.pingStatusAsString() + since(it.lastPingDateTime()))
            .orElse("Systems Manager has not heard of its agent");
    return new EnvironmentException(
        this + " is not online in Systems Manager",
        why,
        instance.iamInstanceProfile() == null
            ? "Its agent needs an instance profile, such as hg-ephemeral-ec2-1: aws ec2"
                + " associate-iam-instance-profile --iam-instance-profile Name=hg-ephemeral-ec2-1"
                + " --region "
                + arguments("--instance-id ")
            : "If it has just started, wait some minutes. Else give it a way to the internet and"
                + " restart its agent, as Administrator: Restart-Service -Name AmazonSSMAgent");
  }

  private static String since(Instant last) {
    return last == null ? "" : ", last heard of at " + last;
  }

  /** "online, version 3.3.1611.0, on Microsoft Windows Server 2022 Datacenter 10.0.20348". */
  private static String words(InstanceInformation agent) {
    String system =
        Stream.of(agent.platformName(), agent.platformVersion())
            .filter(Objects::nonNull)
            .collect(Collectors.joining(" "));
    return "online"
        + (agent.agentVersion() == null ? "" : ", version " + agent.agentVersion())
        + (system.isEmpty() ? "" : ", on " + system);
  }

  /** "i-0a1b in us-west-2". */
  @Override
  public String toString() {
    return id + " in " + region();
  }
}
