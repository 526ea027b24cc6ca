package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Resource;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileRequest;

/** Makes the instance profile, yet without its role. */
record CreateInstanceProfile(Change change, String owner) implements Making {
  static CreateInstanceProfile of(Blueprint.Access access, String owner) {
    return new CreateInstanceProfile(
        new Change("create", "instance profile", Resource.GLOBAL, access.profile(), ""), owner);
  }

  @Override
  public Rank rank() {
    return Rank.MAKE;
  }

  @Override
  public Outcome make(Account account, Poll poll) {
    CreateInstanceProfileRequest request =
        CreateInstanceProfileRequest.builder()
            .instanceProfileName(change.id())
            .tags(OwnerTag.ofIam(owner))
            .build();
    boolean made =
        Making.unless(
            "EntityAlreadyExists",
            () ->
                AwsCall.make(
                    "iam:CreateInstanceProfile",
                    "create instance profile " + change.id(),
                    () -> account.clients().iam().createInstanceProfile(request)));
    return made ? Outcome.done(change) : Outcome.already(change);
  }
}
