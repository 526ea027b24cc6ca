package hgauto.tryserver;

/** A submission that the server does not take, with the reason as a sentence for the submitter. */
public final class RejectedException extends Exception {
  /**
   * @param reason why, without a full stop
   */
  public RejectedException(String reason) {
    super(reason);
  }
}
