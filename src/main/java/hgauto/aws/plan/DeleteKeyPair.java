package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.KeyPair;
import hgauto.poll.Poll;
import java.time.Instant;

/**
 * Deletes a key pair from EC2, which has the public half only. By its id: meanwhile another may
 * have the name.
 */
record DeleteKeyPair(Change change, String name) implements Deletion {
  static DeleteKeyPair of(KeyPair keyPair, Instant now) {
    return new DeleteKeyPair(Deletion.of("delete", keyPair, now), keyPair.name());
  }

  @Override
  public Rank rank() {
    return Rank.GROUPS_AND_KEYS;
  }

  @Override
  public String byHand() {
    return "aws ec2 delete-key-pair --region " + change.region() + " --key-pair-id " + change.id();
  }

  @Override
  public Outcome delete(Account account, Poll poll) {
    AwsCall.make(
        "ec2:DeleteKeyPair",
        "delete key pair " + name + " in " + change.region(),
        () -> account.clients().ec2(change.region()).deleteKeyPair(r -> r.keyPairId(change.id())));
    return Outcome.done(change);
  }
}
