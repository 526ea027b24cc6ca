package hgauto.testbed.aws;

import java.time.Duration;

/**
 * What becomes of a command of Systems Manager, and when.
 *
 * @param hidden for so long nobody knows of it after it was sent
 * @param pending for so long after that the agent does not begin
 * @param takes so long it runs
 * @param details its StatusDetails at last
 * @param exitCode of the script; -1 where it was not the script that ended it
 */
public record CommandOutcome(
    Duration hidden,
    Duration pending,
    Duration takes,
    String details,
    int exitCode,
    String output,
    String error) {
  private CommandOutcome(String details, int exitCode, String output, String error) {
    this(Duration.ZERO, Duration.ZERO, Duration.ZERO, details, exitCode, output, error);
  }

  /** The script ends at once, with this exit code. */
  public static CommandOutcome exit(int code, String output, String error) {
    return new CommandOutcome(code == 0 ? "Success" : "Failed", code, output, error);
  }

  /** The command ends without its script: {@code Undeliverable}, {@code AccessDenied}, … */
  public static CommandOutcome ended(String details) {
    return new CommandOutcome(details, -1, "", "");
  }

  /** The same, of which nobody knows at first. */
  public CommandOutcome hiddenFor(Duration time) {
    return new CommandOutcome(time, pending, takes, details, exitCode, output, error);
  }

  /** The same, which begins later. */
  public CommandOutcome pendingFor(Duration time) {
    return new CommandOutcome(hidden, time, takes, details, exitCode, output, error);
  }

  /** The same, which takes longer. */
  public CommandOutcome taking(Duration time) {
    return new CommandOutcome(hidden, pending, time, details, exitCode, output, error);
  }
}
