package hgauto.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;

/**
 * The host key of one machine, made before it is launched, so that the first connection to it is
 * verified already. It opens nothing but that machine's identity, and is used for one launch only:
 * whoever is on the machine can read it in the user data.
 */
public final class LaunchHostKey {
  private static final int BITS = 256;

  private final KeyPair pair;

  private LaunchHostKey(KeyPair pair) {
    this.pair = pair;
  }

  /** A new Ed25519 key. */
  public static LaunchHostKey generate() {
    try {
      return new LaunchHostKey(KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, BITS));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 is among our libraries", e);
    }
  }

  /** The private half, in OpenSSH's form, as cloud-init's {@code ssh_keys} takes it. */
  public String privateText() {
    try {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "", null, text);
      return text.toString(StandardCharsets.US_ASCII);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("a key of our own cannot be encoded", e);
    }
  }

  /** The public half, as one line without its end: {@code ssh-ed25519 AAAA…}. */
  public String publicLine() {
    return PublicKeyEntry.toString(pair.getPublic());
  }
}
