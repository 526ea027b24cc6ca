package hgauto.aws.ssm;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a command on an instance stands: the values of Status and of StatusDetails, which tells more.
 * AWS's documentation writes "Delivery Timed Out" where its answers have {@code DeliveryTimedOut},
 * so only the letters count.
 */
enum CommandState {
  PENDING,
  IN_PROGRESS,
  DELAYED,
  CANCELLING,
  SUCCESS,
  FAILED,
  CANCELLED,
  TIMED_OUT,
  DELIVERY_TIMED_OUT,
  EXECUTION_TIMED_OUT,
  UNDELIVERABLE,
  TERMINATED,
  INVALID_PLATFORM,
  ACCESS_DENIED,
  UNKNOWN;

  private static final Set<CommandState> UNDER_WAY =
      Set.of(PENDING, IN_PROGRESS, DELAYED, CANCELLING);

  /** The details if they say something that we know; else the status. Both may be null. */
  static CommandState of(String status, String details) {
    return Stream.of(details, status)
        .map(CommandState::named)
        .filter(state -> state != UNKNOWN)
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static CommandState named(String name) {
    String letters = letters(String.valueOf(name));
    return Arrays.stream(values())
        .filter(state -> letters(state.name()).equals(letters))
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }

  /** Whether it has yet to end. */
  boolean isUnderWay() {
    return UNDER_WAY.contains(this);
  }
}
