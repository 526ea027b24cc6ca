package hgauto.aws.plan;

/**
 * What became of a change.
 *
 * @param id of what was changed or made
 * @param why it failed, in the words of AWS; empty if it did not
 * @param next how a person can do it by hand, or what else to do; empty if it did not fail
 */
public record Outcome(Change change, Result result, String id, String why, String next) {
  /** How it went. */
  public enum Result {
    DONE,
    /** It was gone already, or there already, by somebody else's hand; that is as good. */
    ALREADY,
    /** It stays, since somebody else's thing needs it; it is not ours alone. */
    KEPT,
    FAILED
  }

  /** It is done. */
  public static Outcome done(Change change) {
    return new Outcome(change, Result.DONE, change.id(), "", "");
  }

  /** It is made, and has this id. */
  public static Outcome made(Change change, String id) {
    return new Outcome(change, Result.DONE, id, "", "");
  }

  /** There was nothing left to do. */
  public static Outcome already(Change change) {
    return new Outcome(change, Result.ALREADY, change.id(), "", "");
  }

  /** It stays, for this reason. */
  public static Outcome kept(Change change, String why) {
    return new Outcome(change, Result.KEPT, change.id(), why, "");
  }

  /** It is not done. */
  public static Outcome failed(Change change, String why, String next) {
    return new Outcome(change, Result.FAILED, change.id(), why, next);
  }

  /** Whether it is not done. */
  public boolean failed() {
    return result == Result.FAILED;
  }
}
