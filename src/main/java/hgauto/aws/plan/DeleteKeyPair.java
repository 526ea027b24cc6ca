package hgauto.aws.plan;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.KeyPair;
import hgauto.poll.Poll;
import java.time.Instant;

/** Deletes a key pair from EC2, which has the public half only. */
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
    return "aws ec2 delete-key-pair --region " + change.region() + " --key-name " + name;
  }

  @Override
  public Outcome delete(Account account, Poll poll) {
    AwsCall.make(
        "ec2:DeleteKeyPair",
        "delete key pair " + name + " in " + change.region(),
        () -> account.clients().ec2(change.region()).deleteKeyPair(r -> r.keyName(name)));
    return Outcome.done(change);
  }
}
