package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.aws.plan.Step;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A step that makes or mends one thing. Others may do the same at the same time. */
interface Making extends Step {
  Duration EVERY = Duration.ofSeconds(1);
  Duration AT_MOST = Duration.ofMinutes(1);

  /** What it makes or mends. */
  Change change();

  /**
   * Makes it.
   *
   * @throws EnvironmentException if AWS refuses
   */
  Outcome make(Account account, Poll poll) throws InterruptedException;

  @Override
  default List<Change> changes() {
    return List.of(change());
  }

  @Override
  default List<Outcome> carryOut(Account account, Poll poll) throws InterruptedException {
    try {
      return List.of(make(account, poll));
    } catch (EnvironmentException e) {
      return List.of(Outcome.failed(change(), e.what() + ": " + e.why(), e.next()));
    }
  }

  /**
   * Makes a call to which one answer is as good as success.
   *
   * @param code of that answer
   * @return whether the call did something
   */
  static boolean unless(String code, Runnable call) {
    try {
      call.run();
      return true;
    } catch (EnvironmentException e) {
      if (AwsCall.code(e).equals(code)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Makes a call about something that was just made, and that not all of AWS knows of yet.
   *
   * @param thing for the message "timed out waiting for … to be known to AWS"
   * @param code by which AWS says that there is no such thing
   */
  static <T> T onceKnown(Poll poll, String thing, String code, Supplier<T> call)
      throws InterruptedException {
    return poll.until(
        thing + " to be known to AWS",
        EVERY,
        AT_MOST,
        saw -> {
          try {
            return Optional.of(call.get());
          } catch (EnvironmentException e) {
            if (AwsCall.code(e).equals(code)) {
              saw.accept(e.why());
              return Optional.empty();
            }
            throw e;
          }
        });
  }
}
