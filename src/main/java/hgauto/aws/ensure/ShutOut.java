package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;

/**
 * Closes ports of a security group, whose id is the change's, to a range of addresses, unless
 * others than this owner need them.
 */
record ShutOut(Change change, int fromPort, int toPort, Cidr from, String owner) implements Making {
  /** After the rule is in that takes its place. */
  @Override
  public Rank rank() {
    return Rank.JOIN;
  }

  @Override
  public Outcome make(Account account, Poll poll) {
    IngressRules rules =
        new IngressRules(account.clients().ec2(change.region()), change.region(), change.id());
    return rules.revoke(fromPort, toPort, from, owner)
        ? Outcome.done(change)
        : Outcome.already(change);
  }
}
