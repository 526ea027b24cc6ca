package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Resource;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Instant;
import java.util.List;

/** A step that deletes one thing, or finds it gone. */
interface Deletion extends Step {
  /** What it deletes. */
  Change change();

  /** The command by which a person does the same. */
  String byHand();

  /**
   * Deletes it.
   *
   * @throws EnvironmentException if AWS refuses, also because it is gone
   */
  Outcome delete(Account account, Poll poll) throws InterruptedException;

  @Override
  default List<Change> changes() {
    return List.of(change());
  }

  @Override
  default List<Outcome> carryOut(Account account, Poll poll) throws InterruptedException {
    try {
      return List.of(delete(account, poll));
    } catch (EnvironmentException e) {
      return List.of(gone(e) ? Outcome.already(change()) : failed(change(), e, byHand()));
    }
  }

  /** The change that is the end of a resource. */
  static Change of(String verb, Resource resource, Instant now) {
    return new Change(
        verb, resource.kind(), resource.region(), resource.id(), About.of(resource, now));
  }

  /** The outcome of a refusal: which call was refused and why, AWS's remedy, and the command. */
  static Outcome failed(Change change, EnvironmentException e, String byHand) {
    return Outcome.failed(
        change,
        e.what() + ": " + e.why(),
        (e.next().isEmpty() ? "" : e.next() + " ") + "By hand: " + byHand);
  }

  /** Makes a call that is of no use, and does no harm, where its object is gone. */
  static void unlessGone(Runnable call) {
    try {
      call.run();
    } catch (EnvironmentException e) {
      if (!gone(e)) {
        throw e;
      }
    }
  }

  /** Whether AWS refused since there is no such thing. */
  static boolean gone(EnvironmentException e) {
    String code = AwsCall.code(e);
    return code.endsWith(".NotFound") || code.equals("NoSuchEntity");
  }
}
