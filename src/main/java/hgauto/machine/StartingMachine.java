package hgauto.machine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** A machine that is starting: who is to log in there looks often whether it lets us in. */
final class StartingMachine {
  /** The time from one look to the next. */
  static final Duration PAUSE = Duration.ofMillis(500);

  /** How long one try may take to reach it. */
  private static final Duration REACH = Duration.ofSeconds(10);

  /** How long all of one try may take: such a machine has much to do. */
  private static final Duration LOGIN = Duration.ofSeconds(30);

  /** The time from one check to the next. */
  private static final Duration CHECK_EVERY = Duration.ofSeconds(10);

  /**
   * How many keys may be refused before a look is worth a penalty. Since version 9.8 OpenSSH counts
   * five seconds for each, and shuts out an address for which they come to more than 15 ({@code
   * PerSourcePenalties} in sshd_config(5)).
   */
  private static final int FREE_REFUSALS = 2;

  /** How many looks are passed over after each further one; with PAUSE that makes five seconds. */
  private static final int PASSED_OVER = 9;

  private final Login login;
  private final Runnable check;
  private final InstantSource clock;
  private final Deadline deadline;
  private Deadline nextCheck;
  private int refusals;
  private int passedOver;

  /**
   * See {@link SshMachine.Starting} for the check.
   *
   * @param clock of the one who waits, for when to check and when to give up
   */
  StartingMachine(Login login, Runnable check, Duration atMost, InstantSource clock) {
    this.login = login;
    this.check = check;
    this.clock = clock;
    this.deadline = Deadline.in(atMost, clock);
    this.nextCheck = Deadline.in(CHECK_EVERY, clock);
  }

  /**
   * Tries to log in, unless our key has been refused three times: then five seconds pass before
   * each further try.
   *
   * @param saw is given why it cannot be done yet
   */
  Optional<SshMachine> look(Consumer<String> saw) throws InterruptedException {
    if (nextCheck.over()) {
      check.run();
      nextCheck = Deadline.in(CHECK_EVERY, clock);
    }
    if (passedOver > 0) {
      passedOver--;
      return Optional.empty();
    }
    try {
      return Optional.of(login.open(deadline.atMost(LOGIN), REACH));
    } catch (NoLoginException e) {
      if (!e.isPassing()) {
        throw e.failure();
      }
      if (e.isRefusal() && ++refusals > FREE_REFUSALS) {
        passedOver = PASSED_OVER;
      }
      saw.accept(e.failure().what() + ": " + e.failure().why());
      return Optional.empty();
    }
  }
}
