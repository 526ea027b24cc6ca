package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Resource;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.PutRolePolicyResponse;

/** Sets what our role may do. */
record PutRolePolicy(Change change, Blueprint.Access access) implements Making {
  static PutRolePolicy of(Blueprint.Access access) {
    return new PutRolePolicy(
        new Change(
            "mend",
            "role",
            Resource.GLOBAL,
            access.role(),
            "set policy "
                + access.policyName()
                + ", which is what the agent of Systems Manager needs"),
        access);
  }

  static PutRolePolicyResponse put(IamClient iam, Blueprint.Access access) {
    return AwsCall.make(
        "iam:PutRolePolicy",
        "set policy " + access.policyName() + " of role " + access.role(),
        () ->
            iam.putRolePolicy(
                r ->
                    r.roleName(access.role())
                        .policyName(access.policyName())
                        .policyDocument(access.policy())));
  }

  @Override
  public Rank rank() {
    return Rank.MAKE;
  }

  @Override
  public Outcome make(Account account, Poll poll) {
    put(account.clients().iam(), access);
    return Outcome.done(change);
  }
}
