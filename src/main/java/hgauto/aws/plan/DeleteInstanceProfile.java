package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.InstanceProfile;
import hgauto.aws.inventory.Sweep;
import hgauto.poll.Poll;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * Takes the roles out of an instance profile and deletes it, unless an instance has it.
 *
 * @param arn the profile's
 */
record DeleteInstanceProfile(Change change, String arn, List<String> roles) implements Deletion {
  static DeleteInstanceProfile of(InstanceProfile profile, Instant now) {
    return new DeleteInstanceProfile(
        Deletion.of("delete", profile, now), profile.arn(), profile.roles());
  }

  @Override
  public Rank rank() {
    return Rank.INSTANCE_PROFILES;
  }

  @Override
  public String byHand() {
    StringBuilder commands = new StringBuilder();
    for (String role : roles) {
      commands
          .append("aws iam remove-role-from-instance-profile --instance-profile-name ")
          .append(change.id())
          .append(" --role-name ")
          .append(role)
          .append("; ");
    }
    return commands
        .append("aws iam delete-instance-profile --instance-profile-name ")
        .append(change.id())
        .toString();
  }

  /**
   * It looks once more who has it: all others of the account may launch with it, and the end of
   * instances takes minutes.
   */
  @Override
  public Outcome delete(Account account, Poll poll) throws InterruptedException {
    Optional<String> used = Sweep.using(account, arn).reason(instance -> true);
    if (used.isPresent()) {
      return Outcome.kept(change, used.get());
    }
    IamClient iam = account.clients().iam();
    for (String role : roles) {
      Deletion.unlessGone(
          () ->
              AwsCall.make(
                  "iam:RemoveRoleFromInstanceProfile",
                  "take role " + role + " out of instance profile " + change.id(),
                  () ->
                      iam.removeRoleFromInstanceProfile(
                          r -> r.instanceProfileName(change.id()).roleName(role))));
    }
    AwsCall.make(
        "iam:DeleteInstanceProfile",
        "delete instance profile " + change.id(),
        () -> iam.deleteInstanceProfile(r -> r.instanceProfileName(change.id())));
    return Outcome.done(change);
  }
}
