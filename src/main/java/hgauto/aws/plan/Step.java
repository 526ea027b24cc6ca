package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.poll.Poll;
import java.util.List;

/** A part of a plan that is carried out as one: one call to AWS, or a few in a row. */
public interface Step {
  /**
   * Steps of one rank do not depend on each other; those of a later rank may on an earlier one's.
   */
  enum Rank {
    /** Makes what depends on nothing else. */
    MAKE,
    /** Joins what was made, or takes away what it replaces. */
    JOIN,
    INSTANCES,
    IMAGES,
    SNAPSHOTS_AND_VOLUMES,
    GROUPS_AND_KEYS,
    INSTANCE_PROFILES,
    ROLES
  }

  /** When it is carried out. */
  Rank rank();

  /** What it changes; more than one where AWS takes many at once. */
  List<Change> changes();

  /**
   * Carries it out. What AWS refuses is an outcome, never an exception.
   *
   * @param poll waits for what AWS does in its own time
   * @return an outcome for each change
   */
  List<Outcome> carryOut(Account account, Poll poll) throws InterruptedException;
}
