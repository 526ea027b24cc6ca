package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Image;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Instant;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;

/** Deregisters an image. Its snapshots are deleted by steps of their own. */
record DeregisterImage(Change change) implements Deletion {
  static DeregisterImage of(Image image, Instant now) {
    return new DeregisterImage(Deletion.of("deregister", image, now));
  }

  @Override
  public Rank rank() {
    return Rank.IMAGES;
  }

  @Override
  public String byHand() {
    return "aws ec2 deregister-image --region " + change.region() + " --image-id " + change.id();
  }

  @Override
  public Outcome delete(Account account, Poll poll) {
    Ec2Client ec2 = account.clients().ec2(change.region());
    try {
      AwsCall.make(
          "ec2:DeregisterImage",
          "deregister image " + change.id() + " in " + change.region(),
          () -> ec2.deregisterImage(r -> r.imageId(change.id())));
      return Outcome.done(change);
    } catch (EnvironmentException e) {
      // By this code EC2 tells of an image that is gone, but also of one that is not ready.
      if (AwsCall.code(e).equals("InvalidAMIID.Unavailable") && !isThere(ec2)) {
        return Outcome.already(change);
      }
      throw e;
    }
  }

  private boolean isThere(Ec2Client ec2) {
    return !AwsCall.make(
            "ec2:DescribeImages",
            "look for image " + change.id() + " in " + change.region(),
            () ->
                ec2.describeImages(
                    r ->
                        r.owners("self")
                            .filters(
                                Filter.builder().name("image-id").values(change.id()).build())))
        .images()
        .isEmpty();
  }
}
