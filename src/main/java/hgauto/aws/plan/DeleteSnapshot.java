package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;

/** Deletes a snapshot, unless an image that we do not know uses it. */
record DeleteSnapshot(Change change) implements Deletion {
  @Override
  public Rank rank() {
    return Rank.SNAPSHOTS_AND_VOLUMES;
  }

  @Override
  public String byHand() {
    return "aws ec2 delete-snapshot --region " + change.region() + " --snapshot-id " + change.id();
  }

  @Override
  public Outcome delete(Account account, Poll poll) {
    try {
      AwsCall.make(
          "ec2:DeleteSnapshot",
          "delete snapshot " + change.id() + " in " + change.region(),
          () ->
              account
                  .clients()
                  .ec2(change.region())
                  .deleteSnapshot(r -> r.snapshotId(change.id())));
      return Outcome.done(change);
    } catch (EnvironmentException e) {
      if (AwsCall.code(e).equals("InvalidSnapshot.InUse")) {
        return Outcome.kept(change, e.why());
      }
      throw e;
    }
  }
}
