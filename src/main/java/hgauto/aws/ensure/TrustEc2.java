package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Resource;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;

/** Sets who may take our role: EC2's instances, nobody else. */
record TrustEc2(Change change, Blueprint.Access access) implements Making {
  static TrustEc2 of(Blueprint.Access access) {
    return new TrustEc2(
        new Change(
            "mend", "role", Resource.GLOBAL, access.role(), "let EC2 alone give it to machines"),
        access);
  }

  @Override
  public Rank rank() {
    return Rank.MAKE;
  }

  @Override
  public Outcome make(Account account, Poll poll) {
    AwsCall.make(
        "iam:UpdateAssumeRolePolicy",
        "set who may take role " + access.role(),
        () ->
            account
                .clients()
                .iam()
                .updateAssumeRolePolicy(
                    r -> r.roleName(access.role()).policyDocument(access.trust())));
    return Outcome.done(change);
  }
}
