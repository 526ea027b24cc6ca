package hgauto.machine;

import java.time.Duration;
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

  /** How many looks there are in a second. */
  private static final int SECOND = 2;

  /**
   * The longest time between two keys that are refused. OpenSSH remembers each for five seconds
   * since version 9.8, and shuts out an address for which that comes to more than 15 s together.
   */
  private static final int LONGEST = 5 * SECOND;

  private final Login login;
  private final Deadline deadline;
  private int afterRefusal = SECOND;
  private int passedOver;

  StartingMachine(Login login, Duration atMost) {
    this.login = login;
    this.deadline = Deadline.in(atMost);
  }

  /**
   * Tries to log in, unless our key has been refused just now: then 1, 2, 4 and each further 5
   * seconds pass.
   *
   * @param saw is given why it cannot be done yet
   */
  Optional<SshMachine> look(Consumer<String> saw) throws InterruptedException {
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
      if (e.isRefusal()) {
        passedOver = afterRefusal - 1;
        afterRefusal = Math.min(2 * afterRefusal, LONGEST);
      }
      saw.accept(e.failure().what() + ": " + e.failure().why());
      return Optional.empty();
    }
  }
}
