package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static hgauto.testbed.aws.AccountUnderTest.tags;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** What production code relies on about key pairs. */
interface KeysContract extends AccountUnderTest {
  SdkBytes PUBLIC_KEY =
      SdkBytes.fromUtf8String(
          "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDAfb0bECX29yZ3hyyJ9pN0U9lKcA9clWbba2z7kIIp"
              + "OUw/crZjBixJnQBG9QgL0mkliN7M4LmQysdeib3/omH+B7xIa1dPVziJP506kXDj4+VIzKwvM+8sG0ex"
              + "8XPR0KpVtyyvQri/jBG6wbJks3Z7HXffth5+V5TPg5ll/HZKXu6E0+K64QGDDxtOx0KkaA1bMfHQxiRc"
              + "u3qvhRSPa6D0AIlsHej8W3HBILgWNszzStnUbdmnq4m5Mhutm6LILriqKPNUXu8+jWCpJvjJ7bP0RDED"
              + "rU9zMmYosoaV7BFmMKkEUw3+zDJ6VagkdKaiLinpU+yNjIAXGSGSkJTMVv4B7CmXEFudzsf/ZBWo683V"
              + "2cn8NdMSJ7zS044o+q0MROG/t2o+HAp3hptfIlE1T0x+SG0V5+MN+JtVXzZyu69ay3D8Wmdq6PHszPNp"
              + "O2TwvMLfYFXdUJJeAgfvcW2FA+SDaBtk9uKgG3xdQRPmIPA2J7RyeR0OrOKVDL7SCIXzf8c=");

  /** By "openssl rsa -pubout -outform DER | openssl md5 -c". */
  String FINGERPRINT = "82:be:14:8f:00:1a:99:ee:d9:65:29:0b:9b:5a:0b:29";

  @Test
  default void importedKeyHasTheFingerprintOfItsPublicHalf() {
    String answered =
        ec2()
            .importKeyPair(
                r ->
                    r.keyName("hg-automation")
                        .publicKeyMaterial(PUBLIC_KEY)
                        .tagSpecifications(tags(ResourceType.KEY_PAIR, "k", "v")))
            .keyFingerprint();
    assertThat(answered).isEqualTo(FINGERPRINT);
    assertThat(ec2().describeKeyPairs(r -> {}).keyPairs())
        .singleElement()
        .satisfies(
            key -> {
              assertThat(key.keyName()).isEqualTo("hg-automation");
              assertThat(key.keyFingerprint()).isEqualTo(FINGERPRINT);
              assertThat(key.tags()).containsExactly(Tags.tag("k", "v"));
              assertThat(key.keyPairId()).startsWith("key-");
            });
  }

  @Test
  default void keyPairsAreFoundByName() {
    for (String name : new String[] {"hg-automation", "hg-automation-2", "other"}) {
      ec2().importKeyPair(r -> r.keyName(name).publicKeyMaterial(PUBLIC_KEY));
    }
    assertThat(
            ec2()
                .describeKeyPairs(
                    r ->
                        r.filters(
                            Filter.builder().name("key-name").values("hg-automation*").build()))
                .keyPairs())
        .extracting(KeyPairInfo::keyName)
        .containsExactlyInAnyOrder("hg-automation", "hg-automation-2");
    assertThat(ec2().describeKeyPairs(r -> r.keyNames("other")).keyPairs()).hasSize(1);
    assertRefused(
        "InvalidKeyPair.NotFound", () -> ec2().describeKeyPairs(r -> r.keyNames("missing")));
  }

  @Test
  default void nameIsTakenOnce() {
    ec2().importKeyPair(r -> r.keyName("k").publicKeyMaterial(PUBLIC_KEY));
    assertRefused(
        "InvalidKeyPair.Duplicate",
        () -> ec2().importKeyPair(r -> r.keyName("k").publicKeyMaterial(PUBLIC_KEY)));
  }

  @Test
  default void keyPairIsDeletedByItsId() {
    ec2().importKeyPair(r -> r.keyName("j").publicKeyMaterial(PUBLIC_KEY));
    String id = ec2().importKeyPair(r -> r.keyName("k").publicKeyMaterial(PUBLIC_KEY)).keyPairId();
    ec2().deleteKeyPair(r -> r.keyPairId(id));
    assertThat(ec2().describeKeyPairs(r -> {}).keyPairs())
        .extracting(KeyPairInfo::keyName)
        .containsExactly("j");
  }

  @Test
  default void keyPairThatIsNotThereIsDeletedToo() {
    ec2().importKeyPair(r -> r.keyName("k").publicKeyMaterial(PUBLIC_KEY));
    ec2().deleteKeyPair(r -> r.keyName("k"));
    ec2().deleteKeyPair(r -> r.keyName("k"));
    assertThat(ec2().describeKeyPairs(r -> {}).keyPairs()).isEmpty();
  }
}
