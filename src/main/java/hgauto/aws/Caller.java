package hgauto.aws;

import java.time.Clock;

/**
 * Who the credentials belong to, as the Security Token Service says.
 *
 * @param account the account's 12 digits
 * @param arn of the user or role
 * @param clock the time as AWS has it, whatever this machine's clock says; times that others act on
 *     are taken from it
 */
public record Caller(String account, String arn, Clock clock) {
  /** "account 123456789012, as arn:aws:iam::123456789012:user/ann". */
  @Override
  public String toString() {
    return "account " + account + ", as " + arn;
  }
}
