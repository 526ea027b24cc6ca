package hgauto.aws.plan;

import hgauto.machine.SshKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/**
 * How EC2 names a key, which depends on where the key was made and, by what AWS writes in different
 * places, on more than that.
 */
public final class KeyFingerprints {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  private KeyFingerprints() {}

  /**
   * All fingerprints by which EC2 may know this key, in hexadecimal digits with colons: SHA-1 of
   * the private half (PKCS#8) if EC2 made it; if it was imported, MD5 of the public half, as
   * SubjectPublicKeyInfo or as SSH sends it.
   */
  public static Set<String> of(SshKey key) {
    return Set.of(
        COLONS.formatHex(digest("SHA-1", key.keyPair().getPrivate().getEncoded())),
        COLONS.formatHex(digest("MD5", key.keyPair().getPublic().getEncoded())),
        COLONS.formatHex(digest("MD5", sent(key))));
  }

  /** Eight hexadecimal digits that tell this key from the next person's. */
  public static String shortName(SshKey key) {
    return HexFormat.of().formatHex(digest("SHA-256", sent(key)), 0, 4);
  }

  /** The public half as SSH sends it. */
  private static byte[] sent(SshKey key) {
    return Base64.getDecoder().decode(key.publicLine().split(" ", 3)[1]);
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
