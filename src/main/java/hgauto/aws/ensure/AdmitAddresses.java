package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;

/** Lets a range of addresses into a security group, whose id is the change's, for an owner. */
record AdmitAddresses(Change change, Cidr from, String owner) implements Making {
  @Override
  public Rank rank() {
    return Rank.MAKE;
  }

  @Override
  public Outcome make(Account account, Poll poll) {
    IngressRules rules =
        new IngressRules(account.clients().ec2(change.region()), change.region(), change.id());
    return rules.admit(from, owner) ? Outcome.done(change) : Outcome.already(change);
  }
}
