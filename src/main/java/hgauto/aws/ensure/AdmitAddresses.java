package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;

/** Lets a range of addresses into a security group, whose id is the change's. */
record AdmitAddresses(Change change, Cidr from, String description) implements Making {
  @Override
  public Rank rank() {
    return Rank.MAKE;
  }

  @Override
  public Outcome make(Account account, Poll poll) {
    IngressRules rules =
        new IngressRules(account.clients().ec2(change.region()), change.region(), change.id());
    return rules.admit(from, description) ? Outcome.done(change) : Outcome.already(change);
  }
}
