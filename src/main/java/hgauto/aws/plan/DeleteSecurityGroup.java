package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.SecurityGroup;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Deletes a security group, once the interfaces of instances that have ended let go of it. */
record DeleteSecurityGroup(Change change) implements Deletion {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration AT_MOST = Duration.ofMinutes(3);
  private static final Set<String> IN_USE = Set.of("DependencyViolation", "InvalidGroup.InUse");

  static DeleteSecurityGroup of(SecurityGroup group, Instant now) {
    return new DeleteSecurityGroup(Deletion.of("delete", group, now));
  }

  @Override
  public Rank rank() {
    return Rank.GROUPS_AND_KEYS;
  }

  @Override
  public String byHand() {
    return "aws ec2 delete-security-group --region "
        + change.region()
        + " --group-id "
        + change.id();
  }

  @Override
  public Outcome delete(Account account, Poll poll) throws InterruptedException {
    try {
      return deleteOnceFree(account, poll);
    } catch (EnvironmentException e) {
      if (e.getCause() != null) {
        throw e; // a call was refused
      }
      throw new EnvironmentException(
          e.what(),
          e.why(),
          "See what has it: aws ec2 describe-network-interfaces --region "
              + change.region()
              + " --filters Name=group-id,Values="
              + change.id()
              + ".",
          e);
    }
  }

  private Outcome deleteOnceFree(Account account, Poll poll) throws InterruptedException {
    return poll.until(
        "security group " + change.id() + " in " + change.region() + " to be free",
        EVERY,
        AT_MOST,
        saw -> {
          try {
            AwsCall.make(
                "ec2:DeleteSecurityGroup",
                "delete security group " + change.id() + " in " + change.region(),
                () ->
                    account
                        .clients()
                        .ec2(change.region())
                        .deleteSecurityGroup(r -> r.groupId(change.id())));
            return Optional.of(Outcome.done(change));
          } catch (EnvironmentException e) {
            if (!IN_USE.contains(AwsCall.code(e))) {
              throw e;
            }
            saw.accept(e.why());
            return Optional.empty();
          }
        });
  }
}
