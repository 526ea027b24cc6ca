package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.inventory.Names;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.KeyFingerprints;
import hgauto.aws.plan.Outcome;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import java.nio.charset.StandardCharsets;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ImportKeyPairRequest;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/**
 * Gives EC2 the public half of our key. Where another person's key has the name by then, ours goes
 * under a name of its own. The outcome's id is the name that it has.
 */
record ImportKeyPair(Change change, String owner, SshKey key) implements Making {
  private static final String DUPLICATE = "InvalidKeyPair.Duplicate";

  static ImportKeyPair of(String region, String name, String owner, SshKey key, String about) {
    return new ImportKeyPair(new Change("import", "key pair", region, name, about), owner, key);
  }

  /** The name for this key where another person's is called {@code hg-automation}. */
  static String ownName(SshKey key) {
    return Names.KEY_PAIR + "-" + KeyFingerprints.shortName(key);
  }

  @Override
  public Rank rank() {
    return Rank.MAKE;
  }

  @Override
  public Outcome make(Account account, Poll poll) {
    Ec2Client ec2 = account.clients().ec2(change.region());
    if (Making.unless(DUPLICATE, () -> importAs(ec2, change.id()))) {
      return Outcome.done(change);
    }
    if (isOurs(ec2, change.id())) {
      return Outcome.already(change);
    }
    String own = ownName(key);
    if (!Making.unless(DUPLICATE, () -> importAs(ec2, own)) && !isOurs(ec2, own)) {
      return Outcome.failed(
          change,
          "other keys are called " + change.id() + " and " + own,
          "Delete the latter, or move the files in the folder keys away; then a new key is made.");
    }
    return Outcome.made(change, own);
  }

  private void importAs(Ec2Client ec2, String name) {
    ImportKeyPairRequest request =
        ImportKeyPairRequest.builder()
            .keyName(name)
            .publicKeyMaterial(SdkBytes.fromString(key.publicLine(), StandardCharsets.UTF_8))
            .tagSpecifications(OwnerTag.of(owner, ResourceType.KEY_PAIR))
            .build();
    AwsCall.make(
        "ec2:ImportKeyPair",
        "import key pair " + name + " in " + change.region(),
        () -> ec2.importKeyPair(request));
  }

  private boolean isOurs(Ec2Client ec2, String name) {
    List<KeyPairInfo> found =
        AwsCall.make(
                "ec2:DescribeKeyPairs",
                "look at key pair " + name + " in " + change.region(),
                () ->
                    ec2.describeKeyPairs(
                        r -> r.filters(Filter.builder().name("key-name").values(name).build())))
            .keyPairs();
    return found.stream().anyMatch(pair -> KeyFingerprints.of(key).contains(pair.keyFingerprint()));
  }
}
