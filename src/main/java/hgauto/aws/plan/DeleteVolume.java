package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Volume;
import hgauto.poll.Poll;
import java.time.Instant;

/** Deletes a disk that is attached to nothing, or whose instance has ended before. */
record DeleteVolume(Change change) implements Deletion {
  static DeleteVolume of(Volume volume, Instant now) {
    return new DeleteVolume(Deletion.of("delete", volume, now));
  }

  @Override
  public Rank rank() {
    return Rank.SNAPSHOTS_AND_VOLUMES;
  }

  @Override
  public String byHand() {
    return "aws ec2 delete-volume --region " + change.region() + " --volume-id " + change.id();
  }

  @Override
  public Outcome delete(Account account, Poll poll) {
    AwsCall.make(
        "ec2:DeleteVolume",
        "delete volume " + change.id() + " in " + change.region(),
        () -> account.clients().ec2(change.region()).deleteVolume(r -> r.volumeId(change.id())));
    return Outcome.done(change);
  }
}
