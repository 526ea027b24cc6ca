package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DeleteSnapshotReturnCode;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.SnapshotReturnCodes;

/**
 * Deregisters an image and deletes its snapshots, by one call: once the image is gone, nothing
 * would tell whose the snapshots are.
 *
 * @param snapshots those of the image that no other image has
 */
record DeregisterImage(Change image, List<Change> snapshots) implements Step {
  @Override
  public Rank rank() {
    return Rank.IMAGES;
  }

  @Override
  public List<Change> changes() {
    return Stream.concat(Stream.of(image), snapshots.stream()).toList();
  }

  @Override
  public List<Outcome> carryOut(Account account, Poll poll) throws InterruptedException {
    Ec2Client ec2 = account.clients().ec2(image.region());
    List<Outcome> outcomes = new ArrayList<>();
    Set<String> deleted = Set.of();
    try {
      deleted = deregister(ec2);
      outcomes.add(Outcome.done(image));
    } catch (EnvironmentException e) {
      if (!isGone(e, ec2)) {
        outcomes.add(Deletion.failed(image, e, byHand()));
        snapshots.forEach(it -> outcomes.add(Outcome.kept(it, image.id() + " still uses it")));
        return outcomes;
      }
      outcomes.add(Outcome.already(image));
    }
    for (Change snapshot : snapshots) {
      if (deleted.contains(snapshot.id())) {
        outcomes.add(Outcome.done(snapshot));
      } else {
        outcomes.addAll(new DeleteSnapshot(snapshot).carryOut(account, poll));
      }
    }
    return outcomes;
  }

  private String byHand() {
    return "aws ec2 deregister-image --delete-associated-snapshots --region "
        + image.region()
        + " --image-id "
        + image.id();
  }

  /** Returns which snapshots are deleted; the call succeeds even where one could not be. */
  private Set<String> deregister(Ec2Client ec2) {
    return AwsCall.make(
            "ec2:DeregisterImage",
            "deregister image " + image.id() + " in " + image.region(),
            () ->
                ec2.deregisterImage(
                    r -> r.imageId(image.id()).deleteAssociatedSnapshots(!snapshots.isEmpty())))
        .deleteSnapshotResults()
        .stream()
        .filter(result -> result.returnCode() == SnapshotReturnCodes.SUCCESS)
        .map(DeleteSnapshotReturnCode::snapshotId)
        .collect(Collectors.toSet());
  }

  /** By one of its codes EC2 tells of an image that is gone, but also of one that is not ready. */
  private boolean isGone(EnvironmentException e, Ec2Client ec2) {
    return Deletion.gone(e)
        || (AwsCall.code(e).equals("InvalidAMIID.Unavailable") && !isThere(ec2));
  }

  private boolean isThere(Ec2Client ec2) {
    Filter id = Filter.builder().name("image-id").values(image.id()).build();
    try {
      return !ec2.describeImages(r -> r.owners("self").includeDisabled(true).filters(id))
          .images()
          .isEmpty();
    } catch (SdkException e) {
      return true; // what was refused first is what counts
    }
  }
}
