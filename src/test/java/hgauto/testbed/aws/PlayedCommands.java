package hgauto.testbed.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Run Command of a region and the instances that it reaches, on which {@code
 * AWS-RunPowerShellScript} is all that can be run. It takes what AWS's documentation says is taken.
 * What is sent has the outcome that a test wants, at its time.
 *
 * <p>Safe for use by several threads.
 */
public final class PlayedCommands {
  /** The version of every agent. */
  static final String AGENT = "3.3.1611.0";

  /** Where they run. */
  static final String SYSTEM = "Microsoft Windows Server 2022 Datacenter";

  private static final String ONLINE = "Online";

  private final InstantSource clock;
  private final Map<String, String> pings = new LinkedHashMap<>();
  private final Map<String, Instant> losses = new HashMap<>();
  private final Map<String, Command> commands = new LinkedHashMap<>();
  private Function<SentCommand, CommandOutcome> outcomes = sent -> CommandOutcome.exit(0, "", "");
  private BiFunction<SentCommand, CommandOutcome, CommandOutcome> change = (sent, it) -> it;

  /** A command as Systems Manager has it. */
  private static final class Command {
    private final SentCommand sent;
    private final CommandOutcome outcome;
    private Instant cancelled;

    Command(SentCommand sent, CommandOutcome outcome) {
      this.sent = sent;
      this.outcome = outcome;
    }
  }

  /**
   * An invocation as it stands.
   *
   * @param code -1 until the script has ended
   */
  record Standing(String status, String details, int code, String output, String error) {
    private static Standing of(String status, String details) {
      return new Standing(status, details, -1, "", "");
    }
  }

  PlayedCommands(InstantSource clock) {
    this.clock = clock;
  }

  /** The agent of that instance is online from now on. */
  public synchronized void putOnline(String instanceId) {
    pings.put(instanceId, ONLINE);
    losses.remove(instanceId);
  }

  /** The agent of that instance is not heard of any more; it stays listed. */
  public synchronized void loseConnection(String instanceId) {
    if (ONLINE.equals(pings.replace(instanceId, "ConnectionLost"))) {
      losses.put(instanceId, clock.instant());
    }
  }

  /** From now on commands have these outcomes, which are asked for when they are sent. */
  public synchronized void answer(Function<SentCommand, CommandOutcome> wanted) {
    outcomes = wanted;
  }

  /** From now on outcomes are changed so, as by a delay. */
  public synchronized void change(BiFunction<SentCommand, CommandOutcome, CommandOutcome> wanted) {
    change = wanted;
  }

  /** All commands so far. */
  public synchronized List<SentCommand> sent() {
    return commands.values().stream().map(command -> command.sent).toList();
  }

  /** The commands that somebody wanted cancelled. */
  public synchronized List<SentCommand> cancelled() {
    return commands.values().stream()
        .filter(command -> command.cancelled != null)
        .map(command -> command.sent)
        .toList();
  }

  /** The PingStatus of these instances; of those that are not listed there is none. */
  synchronized Map<String, String> pings(List<String> instanceIds) {
    Map<String, String> found = new LinkedHashMap<>(pings);
    found.keySet().retainAll(instanceIds);
    return found;
  }

  /** The instance has ended; it is not listed any more. */
  synchronized void remove(String instanceId) {
    loseConnection(instanceId);
    pings.remove(instanceId);
  }

  /** What is asked of SendCommand, as far as production code asks for it. */
  record Request(
      String document,
      List<String> instanceIds,
      Map<String, List<String>> parameters,
      Integer timeoutSeconds,
      String comment) {}

  /** Takes a command, or refuses it as AWS does. */
  SentCommand send(Request request) {
    SentCommand sent = CommandRules.checked(request, UUID.randomUUID().toString(), clock.instant());
    Function<SentCommand, CommandOutcome> play;
    synchronized (this) {
      if (!ONLINE.equals(pings.get(sent.instanceId()))) {
        throw Refusal.of(
            "ssm",
            "InvalidInstanceId",
            "Instances [[" + sent.instanceId() + "]] not in a valid state for account");
      }
      BiFunction<SentCommand, CommandOutcome, CommandOutcome> changed = change;
      play = outcomes.andThen(outcome -> changed.apply(sent, outcome));
    }
    Command command = new Command(sent, play.apply(sent));
    synchronized (this) {
      commands.put(sent.id(), command);
    }
    return sent;
  }

  /** How a command is getting on. */
  synchronized Standing look(String commandId, String instanceId) {
    Command command = commands.get(commandId);
    if (command == null
        || !command.sent.instanceId().equals(instanceId)
        || since(command.sent.sent()).compareTo(command.outcome.hidden()) < 0) {
      throw Refusal.of("ssm", "InvocationDoesNotExist", "");
    }
    Instant end = command.cancelled == null ? clock.instant() : command.cancelled;
    Standing standing = standing(command, Duration.between(command.sent.sent(), end));
    return command.cancelled != null && List.of("Pending", "InProgress").contains(standing.status)
        ? Standing.of("Cancelled", "Cancelled")
        : standing;
  }

  private Standing standing(Command command, Duration age) {
    SentCommand sent = command.sent;
    CommandOutcome outcome = command.outcome;
    Duration begins = outcome.hidden().plus(outcome.pending());
    if (begins.compareTo(sent.mayWait()) >= 0 && age.compareTo(sent.mayWait()) >= 0) {
      return Standing.of("TimedOut", "Delivery Timed Out");
    }
    if (age.compareTo(begins) < 0) {
      return Standing.of("Pending", "Pending");
    }
    if (isLost(sent, begins.plus(outcome.takes()))) {
      return age.compareTo(sent.mayWait().plus(sent.mayTake())) < 0
          ? Standing.of("InProgress", "In Progress")
          : Standing.of("TimedOut", "Delivery Timed Out");
    }
    Duration ran = age.minus(begins);
    if (outcome.takes().compareTo(sent.mayTake()) > 0 && ran.compareTo(sent.mayTake()) >= 0) {
      return Standing.of("TimedOut", "Execution Timed Out");
    }
    if (ran.compareTo(outcome.takes()) < 0) {
      return Standing.of("InProgress", "In Progress");
    }
    return new Standing(
        Optional.of(outcome.details())
            .filter(List.of("Success", "Cancelled")::contains)
            .orElse("Failed"),
        outcome.details(),
        outcome.exitCode(),
        CommandRules.shownOutput(outcome.output()),
        CommandRules.shownError(outcome.error()));
  }

  /** Whether the agent could not tell of an end that came so long after the command was sent. */
  private boolean isLost(SentCommand sent, Duration end) {
    Instant loss = losses.get(sent.instanceId());
    return loss != null && Duration.between(sent.sent(), loss).compareTo(end) < 0;
  }

  private Duration since(Instant time) {
    return Duration.between(time, clock.instant());
  }

  /** Ends a command that is under way; the others stay as they are. */
  synchronized void cancel(String commandId) {
    Command command = commands.get(commandId);
    if (command == null) {
      throw Refusal.of("ssm", "InvalidCommandId", "");
    }
    if (command.cancelled == null) {
      command.cancelled = clock.instant();
    }
  }
}
