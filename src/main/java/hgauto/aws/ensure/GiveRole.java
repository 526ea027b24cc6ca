package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Resource;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;
import java.util.List;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * Puts our role into our instance profile.
 *
 * @param former the roles to take out before, since a profile has one at most
 */
record GiveRole(Change change, String role, List<String> former) implements Making {
  static GiveRole of(Blueprint.Access access, List<String> former) {
    String instead = former.isEmpty() ? "" : " instead of role " + String.join(", ", former);
    return new GiveRole(
        new Change(
            "mend",
            "instance profile",
            Resource.GLOBAL,
            access.profile(),
            "put role " + access.role() + " into it" + instead),
        access.role(),
        former);
  }

  @Override
  public Rank rank() {
    return Rank.JOIN;
  }

  @Override
  public Outcome make(Account account, Poll poll) throws InterruptedException {
    IamClient iam = account.clients().iam();
    for (String other : former) {
      Making.unless("NoSuchEntity", () -> takeOut(iam, other));
    }
    boolean put =
        Making.onceKnown(
            poll,
            "role " + role + " and instance profile " + change.id(),
            "NoSuchEntity",
            () -> Making.unless("LimitExceeded", () -> putIn(iam)));
    if (put) {
      return Outcome.done(change);
    }
    List<String> there = roles(iam);
    return there.equals(List.of(role))
        ? Outcome.already(change)
        : Outcome.failed(
            change,
            "it has role " + String.join(", ", there) + " by now",
            "Run the command again.");
  }

  private void takeOut(IamClient iam, String other) {
    AwsCall.make(
        "iam:RemoveRoleFromInstanceProfile",
        "take role " + other + " out of instance profile " + change.id(),
        () ->
            iam.removeRoleFromInstanceProfile(
                r -> r.instanceProfileName(change.id()).roleName(other)));
  }

  private void putIn(IamClient iam) {
    AwsCall.make(
        "iam:AddRoleToInstanceProfile",
        "put role " + role + " into instance profile " + change.id(),
        () -> iam.addRoleToInstanceProfile(r -> r.instanceProfileName(change.id()).roleName(role)));
  }

  private List<String> roles(IamClient iam) {
    return AwsCall.make(
            "iam:GetInstanceProfile",
            "look at the instance profile " + change.id(),
            () -> iam.getInstanceProfile(r -> r.instanceProfileName(change.id())))
        .instanceProfile()
        .roles()
        .stream()
        .map(Role::roleName)
        .toList();
  }
}
