package hgauto.aws.ssm;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.poll.Poll;
import hgauto.process.OnShutdown;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;

/**
 * Runs PowerShell scripts on instances by Systems Manager's Run Command, in the region that
 * commands work in. They run as SYSTEM. Safe for use by several threads.
 *
 * <p>A script must bear being run twice: where the answer to a request is lost, the SDK repeats it,
 * and Run Command knows no client token.
 */
public final class RunCommand {
  private static final String DOCUMENT = "AWS-RunPowerShellScript";

  /** How long the agent may take to begin; it asks for commands all the time. */
  private static final Duration BEGINS_WITHIN = Duration.ofMinutes(10);

  /** What the document takes; outside of it the agent silently takes an hour. */
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private static final Duration LONGEST = Duration.ofDays(2);

  /** Most scripts are short; they are looked at more often at first. */
  private static final Duration FIRST_EVERY = Duration.ofMillis(250);

  private static final int FIRST_LOOKS = 8;
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** How long Systems Manager may be slow to tell of an end. */
  private static final Duration TOLD_WITHIN = Duration.ofMinutes(1);

  /** An agent that is online may not be known everywhere. */
  private static final Duration KNOWN_WITHIN = Duration.ofMinutes(1);

  private static final Duration KNOWN_EVERY = Duration.ofSeconds(5);

  private final Account account;
  private final Poll poll;

  /** Nothing is asked of AWS yet. */
  public RunCommand(Account account, Poll poll) {
    this.account = account;
    this.poll = poll;
  }

  /**
   * Runs a script and waits for its end. If that fails, by an interrupt or by Ctrl-C too, the
   * command is cancelled, as far as it can be.
   *
   * @param instanceId of an instance that is online, see {@link ManagedInstances#awaitOnline}
   * @param atMost how long the script may run, 5 seconds to 48 hours; it may begin ten minutes late
   * @param check is run every ten seconds; what it throws ends the waiting, as where the instance
   *     has ended
   * @return whatever the script's exit code is
   * @throws hgauto.error.RemoteWorkException if the script runs longer than that
   * @throws MachineLostException if the command does not reach the agent, or the agent is lost
   * @throws EnvironmentException if the command is refused, or comes to another end
   */
  public CommandResult run(
      String instanceId, PowerShellCommand command, Duration atMost, Runnable check)
      throws InterruptedException {
    Invocation invocation = send(instanceId, command, atMost, check);
    GetCommandInvocationResponse end;
    try {
      end = OnShutdown.during(() -> await(invocation, atMost, check), invocation::cancel);
    } catch (InterruptedException e) {
      invocation.cancel();
      throw e;
    } catch (RuntimeException e) {
      boolean interrupted = Thread.interrupted(); // a call that is interrupted fails
      invocation.cancel();
      if (interrupted) {
        throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
      }
      throw e;
    }
    return invocation.result(end);
  }

  private Invocation send(
      String instanceId, PowerShellCommand command, Duration atMost, Runnable check)
      throws InterruptedException {
    PatientLook patience = new PatientLook();
    AtomicReference<EnvironmentException> unknown = new AtomicReference<>();
    try {
      String id =
          poll.until(
              instanceId + " to take " + command.name(),
              KNOWN_EVERY,
              KNOWN_WITHIN,
              saw ->
                  patience.at(
                      () -> {
                        unknown.set(null);
                        return sent(instanceId, command, atMost, check, unknown::set);
                      },
                      saw));
      return new Invocation(account, new ManagedInstances(account, poll), instanceId, command, id);
    } catch (EnvironmentException timedOut) {
      if (unknown.get() == null) {
        throw timedOut;
      }
      throw new MachineLostException(
          instanceId + " does not take " + command.name(),
          "Systems Manager said for " + KNOWN_WITHIN.toSeconds() + " s: " + unknown.get().why(),
          "Run the command again. Its agent may have ended.",
          timedOut);
    }
  }

  private Optional<String> sent(
      String instanceId,
      PowerShellCommand command,
      Duration atMost,
      Runnable check,
      Consumer<EnvironmentException> unknown) {
    SendCommandRequest request =
        SendCommandRequest.builder()
            .instanceIds(instanceId)
            .documentName(DOCUMENT)
            .comment(command.name())
            .timeoutSeconds((int) BEGINS_WITHIN.toSeconds())
            .parameters(parameters(command, atMost))
            .build();
    try {
      return Optional.of(
          AwsCall.make(
              "ssm:SendCommand",
              "run " + command.name() + " on " + instanceId + " in " + region(),
              () -> account.clients().ssm(region()).sendCommand(request).command().commandId()));
    } catch (EnvironmentException e) {
      if (!AwsCall.code(e).equals("InvalidInstanceId")) {
        throw e;
      }
      check.run();
      unknown.accept(e);
      return Optional.empty();
    }
  }

  private static Map<String, List<String>> parameters(PowerShellCommand command, Duration atMost) {
    if (atMost.compareTo(SHORTEST) < 0 || atMost.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(command.name() + " for " + atMost);
    }
    return Map.of(
        "commands",
        List.of(command.text()),
        "executionTimeout",
        List.of(Long.toString(atMost.toSeconds())));
  }

  private GetCommandInvocationResponse await(Invocation invocation, Duration atMost, Runnable check)
      throws InterruptedException {
    Duration all = BEGINS_WITHIN.plus(atMost).plus(TOLD_WITHIN);
    String what = invocation + " to end";
    Optional<GetCommandInvocationResponse> early =
        poll.until(
            what,
            FIRST_EVERY,
            all,
            saw -> {
              Optional<GetCommandInvocationResponse> ended = invocation.look(check, saw);
              return ended.isPresent() || invocation.looks() == FIRST_LOOKS
                  ? Optional.of(ended)
                  : Optional.empty();
            });
    return early.isPresent()
        ? early.get()
        : poll.until(what, EVERY, all, saw -> invocation.look(check, saw));
  }

  private String region() {
    return account.region().region();
  }
}
