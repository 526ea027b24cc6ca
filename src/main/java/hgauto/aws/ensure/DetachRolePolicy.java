package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Resource;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;

/** Takes a policy off our role that allows more than it should. */
record DetachRolePolicy(Change change, String policyArn) implements Making {
  static DetachRolePolicy of(String role, String policyArn) {
    return new DetachRolePolicy(
        new Change(
            "mend",
            "role",
            Resource.GLOBAL,
            role,
            "detach policy " + policyArn + ", which allows more than machines need"),
        policyArn);
  }

  /** After our own policy is in, so that running machines stay within reach. */
  @Override
  public Rank rank() {
    return Rank.JOIN;
  }

  @Override
  public Outcome make(Account account, Poll poll) {
    boolean detached =
        Making.unless(
            "NoSuchEntity",
            () ->
                AwsCall.make(
                    "iam:DetachRolePolicy",
                    "take policy " + policyArn + " off role " + change.id(),
                    () ->
                        account
                            .clients()
                            .iam()
                            .detachRolePolicy(r -> r.roleName(change.id()).policyArn(policyArn))));
    return detached ? Outcome.done(change) : Outcome.already(change);
  }
}
