package hgauto.aws.ssm;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.PingStatus;

/** A command that was sent to an instance. */
final class Invocation {
  private static final Logger LOG = LoggerFactory.getLogger(Invocation.class);

  private static final int LOOKS_TO_A_CHECK = 10;

  /** An agent that was not heard of for minutes, in so many checks in a row, does not come back. */
  private static final int CHECKS_WITHOUT_AGENT = 3;

  /** Of a script that has not begun, or whose agent does not tell. */
  private static final int NO_EXIT_CODE = -1;

  private final Account account;
  private final ManagedInstances instances;
  private final String instanceId;
  private final PowerShellCommand command;
  private final String id;
  private final PatientLook itself = new PatientLook();
  private final PatientLook agent = new PatientLook();
  private int looks;
  private int withoutAgent;

  Invocation(
      Account account,
      ManagedInstances instances,
      String instanceId,
      PowerShellCommand command,
      String id) {
    this.account = account;
    this.instances = instances;
    this.instanceId = instanceId;
    this.command = command;
    this.id = id;
  }

  /** How often it was looked at. */
  int looks() {
    return looks;
  }

  /**
   * Looks whether it has ended, whatever the end is.
   *
   * @param check is run at every tenth look
   * @throws MachineLostException if the agent is lost
   */
  Optional<GetCommandInvocationResponse> look(Runnable check, Consumer<String> saw) {
    looks++;
    if (looks % LOOKS_TO_A_CHECK == 0) {
      check.run();
      agent.at(this::assureAgent, saw);
    }
    return itself.at(() -> ended(saw), saw);
  }

  /** Else the command would be under way until its time is up, which may be hours. */
  private Optional<PingStatus> assureAgent() {
    Optional<PingStatus> status = instances.pingStatus(instanceId);
    withoutAgent = status.equals(Optional.of(PingStatus.ONLINE)) ? 0 : withoutAgent + 1;
    if (withoutAgent == CHECKS_WITHOUT_AGENT) {
      throw lost(
          "its agent is "
              + status.map(PingStatus::toString).orElse("not listed")
              + " in Systems Manager");
    }
    return status;
  }

  private Optional<GetCommandInvocationResponse> ended(Consumer<String> saw) {
    try {
      GetCommandInvocationResponse seen =
          AwsCall.make(
              "ssm:GetCommandInvocation",
              "look how " + this + " is getting on",
              () -> ssm().getCommandInvocation(r -> r.commandId(id).instanceId(instanceId)));
      saw.accept("it was " + words(seen));
      return Optional.of(seen).filter(it -> !state(it).isUnderWay());
    } catch (EnvironmentException e) {
      if (!AwsCall.code(e).equals("InvocationDoesNotExist")) {
        throw e;
      }
      saw.accept("Systems Manager did not know it yet"); // as just after it was sent
      return Optional.empty();
    }
  }

  /**
   * What came of it.
   *
   * @param end as {@link #look} has found it
   * @throws HgautoException if it was not the script that ended it
   */
  CommandResult result(GetCommandInvocationResponse end) {
    int exitCode = end.responseCode() == null ? NO_EXIT_CODE : end.responseCode();
    return switch (state(end)) {
      case SUCCESS -> result(0, end);
      case FAILED -> {
        if (exitCode == 0 || exitCode == NO_EXIT_CODE) {
          throw ended(end, "no exit code came with that");
        }
        yield result(exitCode, end);
      }
      case EXECUTION_TIMED_OUT ->
          throw new RemoteWorkException(
              this + " took too long", "Systems Manager ended it: " + words(end), inspect());
      case DELIVERY_TIMED_OUT, UNDELIVERABLE -> throw lost("Systems Manager says " + words(end));
      default -> throw ended(end, "that is not an end that its script came to");
    };
  }

  private CommandResult result(int exitCode, GetCommandInvocationResponse end) {
    return new CommandResult(exitCode, end.standardOutputContent(), end.standardErrorContent(), id);
  }

  private MachineLostException lost(String why) {
    return new MachineLostException(
        this + " was lost",
        why,
        "Run the command again. What the script did there may be half done.",
        null);
  }

  private EnvironmentException ended(GetCommandInvocationResponse end, String why) {
    return new EnvironmentException(this + " was ended as " + words(end), why, inspect());
  }

  private String inspect() {
    return "Look with: aws ssm get-command-invocation --region "
        + region()
        + " --command-id "
        + id
        + " --instance-id "
        + instanceId;
  }

  /** Ends it where it has not ended. That this may fail is only logged: something else has. */
  void cancel() {
    try {
      AwsCall.make(
          "ssm:CancelCommand",
          "cancel " + this,
          () -> ssm().cancelCommand(r -> r.commandId(id).instanceIds(instanceId)));
    } catch (EnvironmentException e) {
      LOG.warn("{} may go on", this, e);
    }
  }

  private static CommandState state(GetCommandInvocationResponse seen) {
    return CommandState.of(seen.statusAsString(), seen.statusDetails());
  }

  /** "TimedOut (Delivery Timed Out)". */
  private static String words(GetCommandInvocationResponse seen) {
    String status = seen.statusAsString();
    String details = seen.statusDetails();
    return details == null || details.equals(status) ? status : status + " (" + details + ")";
  }

  private SsmClient ssm() {
    return account.clients().ssm(region());
  }

  private String region() {
    return account.region().region();
  }

  /** "enable-openssh on i-0a1b (command 0a1b2c3d-…)". */
  @Override
  public String toString() {
    return command.name() + " on " + instanceId + " (command " + id + ")";
  }
}
