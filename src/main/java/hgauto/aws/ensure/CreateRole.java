package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Resource;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;

/** Makes the role with its policy. */
record CreateRole(Change change, Blueprint.Access access, String owner) implements Making {
  static CreateRole of(Blueprint.Access access, String owner) {
    return new CreateRole(
        new Change(
            "create",
            "role",
            Resource.GLOBAL,
            access.role(),
            "it may do what the agent of Systems Manager needs, nothing else"),
        access,
        owner);
  }

  @Override
  public Rank rank() {
    return Rank.MAKE;
  }

  @Override
  public Outcome make(Account account, Poll poll) throws InterruptedException {
    IamClient iam = account.clients().iam();
    CreateRoleRequest request =
        CreateRoleRequest.builder()
            .roleName(access.role())
            .description(access.description())
            .assumeRolePolicyDocument(access.trust())
            .tags(OwnerTag.ofIam(owner))
            .build();
    boolean made =
        Making.unless(
            "EntityAlreadyExists",
            () ->
                AwsCall.make(
                    "iam:CreateRole",
                    "create role " + access.role(),
                    () -> iam.createRole(request)));
    Making.onceKnown(
        poll, "role " + access.role(), "NoSuchEntity", () -> PutRolePolicy.put(iam, access));
    return made ? Outcome.done(change) : Outcome.already(change);
  }
}
