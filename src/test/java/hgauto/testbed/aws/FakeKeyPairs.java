package hgauto.testbed.aws;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import software.amazon.awssdk.services.ec2.model.DeleteKeyPairRequest;
import software.amazon.awssdk.services.ec2.model.DeleteKeyPairResponse;
import software.amazon.awssdk.services.ec2.model.DescribeKeyPairsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeKeyPairsResponse;
import software.amazon.awssdk.services.ec2.model.ImportKeyPairRequest;
import software.amazon.awssdk.services.ec2.model.ImportKeyPairResponse;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.KeyType;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** The key pairs of a region; RSA only. */
final class FakeKeyPairs {
  private final FakeState account;
  private final FakeRegion region;

  FakeKeyPairs(FakeState account, FakeRegion region) {
    this.account = account;
    this.region = region;
  }

  DescribeKeyPairsResponse describe(DescribeKeyPairsRequest request) {
    List<KeyPairInfo> asked =
        request.keyNames().isEmpty()
            ? List.copyOf(region.keyPairs.values())
            : request.keyNames().stream().map(this::named).toList();
    return DescribeKeyPairsResponse.builder()
        .keyPairs(
            asked.stream()
                .filter(
                    key ->
                        Filters.met(
                            request.filters(),
                            key.tags(),
                            Map.of(
                                "key-name", Filters.values(key.keyName()),
                                "key-pair-id", Filters.values(key.keyPairId()),
                                "fingerprint", Filters.values(key.keyFingerprint()))))
                .map(key -> Boolean.TRUE.equals(request.includePublicKey()) ? key : closed(key))
                .toList())
        .build();
  }

  ImportKeyPairResponse importKey(ImportKeyPairRequest request) {
    if (region.keyPairs.containsKey(request.keyName())) {
      throw Refusal.ec2(
          "InvalidKeyPair.Duplicate", "The keypair '" + request.keyName() + "' already exists.");
    }
    String publicKey = request.publicKeyMaterial().asUtf8String().strip();
    KeyPairInfo key =
        KeyPairInfo.builder()
            .keyName(request.keyName())
            .keyPairId(account.newId("key"))
            .keyFingerprint(fingerprint(publicKey))
            .keyType(KeyType.RSA)
            .publicKey(publicKey)
            .createTime(account.clock.instant())
            .tags(Tags.of(request.tagSpecifications(), ResourceType.KEY_PAIR))
            .build();
    region.keyPairs.put(key.keyName(), key);
    return ImportKeyPairResponse.builder()
        .keyName(key.keyName())
        .keyPairId(key.keyPairId())
        .keyFingerprint(key.keyFingerprint())
        .tags(key.tags())
        .build();
  }

  /** A key pair that is not there is deleted, too. */
  DeleteKeyPairResponse delete(DeleteKeyPairRequest request) {
    Optional<KeyPairInfo> found =
        region.keyPairs.values().stream()
            .filter(
                key ->
                    key.keyName().equals(request.keyName())
                        || key.keyPairId().equals(request.keyPairId()))
            .findFirst();
    found.ifPresent(key -> region.keyPairs.remove(key.keyName()));
    return DeleteKeyPairResponse.builder()
        .returnValue(true)
        .keyPairId(found.map(KeyPairInfo::keyPairId).orElse(null))
        .build();
  }

  /** What EC2 shows for a key that was imported: the MD5 of the public key in DER. */
  private static String fingerprint(String publicKey) {
    try {
      PublicKey key =
          PublicKeyEntry.parsePublicKeyEntry(publicKey).resolvePublicKey(null, null, null);
      if (key == null || !key.getAlgorithm().equals("RSA")) {
        throw Refusal.ec2("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
      }
      return HexFormat.ofDelimiter(":")
          .formatHex(MessageDigest.getInstance("MD5").digest(key.getEncoded()));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw Refusal.ec2("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
    }
  }

  private KeyPairInfo named(String name) {
    KeyPairInfo key = region.keyPairs.get(name);
    if (key == null) {
      throw Refusal.ec2("InvalidKeyPair.NotFound", "The key pair '" + name + "' does not exist");
    }
    return key;
  }

  private static KeyPairInfo closed(KeyPairInfo key) {
    return key.toBuilder().publicKey(null).build();
  }
}
