package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Role;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.InstanceProfile;

/**
 * Takes the policies off a role and deletes it. One that an instance profile has is left as it is,
 * since AWS would not delete it, and without its policies it would be of no use.
 */
record DeleteRole(Change change, List<String> attachedPolicies, List<String> inlinePolicies)
    implements Deletion {
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** How long IAM may take to tell itself of a profile's end. */
  private static final Duration AT_MOST = Duration.ofSeconds(20);

  static DeleteRole of(Role role, Instant now) {
    return new DeleteRole(
        Deletion.of("delete", role, now),
        role.attachedPolicies(),
        role.inlinePolicies().keySet().stream().sorted().toList());
  }

  @Override
  public Rank rank() {
    return Rank.ROLES;
  }

  @Override
  public String byHand() {
    String role = " --role-name " + change.id();
    return Stream.of(
            attachedPolicies.stream()
                .map(arn -> "aws iam detach-role-policy" + role + " --policy-arn " + arn),
            inlinePolicies.stream()
                .map(name -> "aws iam delete-role-policy" + role + " --policy-name " + name),
            Stream.of("aws iam delete-role" + role))
        .flatMap(commands -> commands)
        .collect(Collectors.joining("; "));
  }

  @Override
  public Outcome delete(Account account, Poll poll) throws InterruptedException {
    IamClient iam = account.clients().iam();
    Optional<Outcome> used = waitUntilUnused(iam, poll);
    if (used.isPresent()) {
      return used.get();
    }
    for (String arn : attachedPolicies) {
      Deletion.unlessGone(
          () ->
              AwsCall.make(
                  "iam:DetachRolePolicy",
                  "take policy " + arn + " off role " + change.id(),
                  () -> iam.detachRolePolicy(r -> r.roleName(change.id()).policyArn(arn))));
    }
    for (String name : inlinePolicies) {
      Deletion.unlessGone(
          () ->
              AwsCall.make(
                  "iam:DeleteRolePolicy",
                  "delete policy " + name + " of role " + change.id(),
                  () -> iam.deleteRolePolicy(r -> r.roleName(change.id()).policyName(name))));
    }
    AwsCall.make(
        "iam:DeleteRole",
        "delete role " + change.id(),
        () -> iam.deleteRole(r -> r.roleName(change.id())));
    return Outcome.done(change);
  }

  private Optional<Outcome> waitUntilUnused(IamClient iam, Poll poll) throws InterruptedException {
    try {
      return poll.until(
          "role " + change.id() + " to be free of instance profiles",
          EVERY,
          AT_MOST,
          saw -> {
            List<String> profiles = profiles(iam);
            saw.accept("instance profile " + String.join(", ", profiles) + " has it");
            return profiles.isEmpty() ? Optional.of(Optional.empty()) : Optional.empty();
          });
    } catch (EnvironmentException e) {
      if (e.getCause() == null) { // time ran out
        return Optional.of(Outcome.kept(change, e.why()));
      }
      throw e;
    }
  }

  private List<String> profiles(IamClient iam) {
    return AwsCall.make(
            "iam:ListInstanceProfilesForRole",
            "ask which instance profiles have role " + change.id(),
            () -> iam.listInstanceProfilesForRole(r -> r.roleName(change.id())))
        .instanceProfiles()
        .stream()
        .map(InstanceProfile::instanceProfileName)
        .toList();
  }
}
