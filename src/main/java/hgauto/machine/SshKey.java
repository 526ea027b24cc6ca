package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Iterator;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that opens our machines: {@code keypair-automation} and {@code keypair-automation.pub} in
 * the folder {@code keys}, which automation.py knows by the same names. It is an RSA key, since
 * Windows images take no other.
 *
 * <p>Keys are read as automation.py has them (PKCS#1 in PEM), as PKCS#8, and in OpenSSH's own form.
 * They are written in OpenSSH's form: {@code ssh} reads it since 2014, paramiko since 2.7 (2019),
 * and it is the one that MINA writes, so no encoder of ours touches a private key.
 */
public final class SshKey {
  private static final Logger LOG = LoggerFactory.getLogger(SshKey.class);

  /** What the National Institute of Standards and Technology deems enough beyond 2030. */
  private static final int BITS = 3072;

  private static final String PRIVATE = "keypair-automation";
  private static final String PUBLIC = PRIVATE + ".pub";

  private final KeyPair pair;

  private SshKey(KeyPair pair) {
    this.pair = pair;
  }

  /** A new key, which is nowhere on the disk yet. Takes a second or so. */
  public static SshKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return new SshKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has RSA", e);
    }
  }

  /**
   * The key in that folder, or empty if there is none. A missing public half is made again; nothing
   * else is ever changed.
   *
   * @throws EnvironmentException if only the public half is there, or a half cannot be read, or
   *     they do not belong together
   */
  public static Optional<SshKey> in(Path keysFolder) {
    Path privateFile = file(keysFolder);
    Path publicFile = keysFolder.resolve(PUBLIC);
    // In this order: whoever saves a key writes the private half first.
    boolean hasPublic = exists(publicFile);
    if (!exists(privateFile)) {
      if (hasPublic) {
        throw new EnvironmentException(
            "there is half a key pair: " + publicFile + " without " + privateFile,
            "",
            "Put the private half back, or move the public one away; then a new pair is made.");
      }
      return Optional.empty();
    }
    SshKey key = read(privateFile);
    if (hasPublic) {
      key.check(publicFile);
    } else {
      key.writePublic(publicFile);
    }
    return Optional.of(key);
  }

  /**
   * Saves it in that folder, unless a key is there. Both files are private (0600) and whole from
   * the moment they exist.
   *
   * @param keysFolder is there, and private
   * @return the key that is in the folder now: another one if another process was first
   * @throws EnvironmentException if it cannot be saved, or what is there cannot be read
   */
  public SshKey save(Path keysFolder) {
    return in(keysFolder)
        .orElseGet(
            () -> {
              writePrivate(file(keysFolder));
              return in(keysFolder).orElseThrow();
            });
  }

  /** Where its private half is, once it is saved in that folder. */
  public static Path file(Path keysFolder) {
    return keysFolder.resolve(PRIVATE);
  }

  /** The public half as one line, as in {@code authorized_keys}, without its end. */
  public String publicLine() {
    return PublicKeyEntry.toString(pair.getPublic()) + " hg-automation";
  }

  /** Both halves, for whoever connects with it. */
  public KeyPair keyPair() {
    return pair;
  }

  private static SshKey read(Path file) {
    String why;
    Exception cause = null;
    try {
      byte[] text = Files.readAllBytes(file);
      Iterable<KeyPair> pairs =
          SecurityUtils.loadKeyPairIdentities(
              null,
              NamedResource.ofName(file.toString()),
              new ByteArrayInputStream(text),
              FilePasswordProvider.EMPTY);
      Iterator<KeyPair> found = pairs == null ? null : pairs.iterator();
      if (found != null && found.hasNext()) {
        KeyPair pair = found.next();
        if (pair.getPublic() instanceof RSAPublicKey) {
          return new SshKey(pair);
        }
        why = "it is a key of kind " + pair.getPublic().getAlgorithm() + ", and Windows needs RSA";
      } else {
        why = "it is no private key, or has a passphrase";
      }
    } catch (IOException e) {
      why = Reason.of(e);
      cause = e;
    } catch (GeneralSecurityException | RuntimeException e) { // MINA's, for a damaged file
      why = "it is damaged, or has a passphrase: " + e.getMessage();
      cause = e;
    }
    throw new EnvironmentException(
        "cannot read the private key " + file,
        why,
        "Put it back from a copy, or move it and its .pub away; then a new pair is made, which"
            + " opens new machines only.",
        cause);
  }

  private void check(Path publicFile) {
    String why;
    Exception cause = null;
    try {
      String line = Files.readString(publicFile, StandardCharsets.UTF_8).strip();
      PublicKeyEntry entry = PublicKeyEntry.parsePublicKeyEntry(line);
      if (entry != null
          && KeyUtils.compareKeys(entry.resolvePublicKey(null, null, null), pair.getPublic())) {
        return;
      }
      why = "it does not belong to the private key beside it";
    } catch (IOException e) {
      why = Reason.of(e);
      cause = e;
    } catch (GeneralSecurityException | RuntimeException e) { // MINA's, for any other text
      why = "it is damaged: " + e.getMessage();
      cause = e;
    }
    throw new EnvironmentException(
        "cannot use the public key " + publicFile,
        why,
        "Move it away; it is made again from the private key.",
        cause);
  }

  /** Unless it is there by now; then it is another process's, and stays. */
  private void writePrivate(Path file) {
    try {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "hg-automation", null, text);
      PrivateFiles.create(file, text.toByteArray());
    } catch (FileAlreadyExistsException e) {
      LOG.debug("another process has just made a key", e);
    } catch (IOException e) {
      throw unwritable(file, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of our own cannot be encoded", e);
    }
  }

  private void writePublic(Path file) {
    try {
      PrivateFiles.replace(file, (publicLine() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static EnvironmentException unwritable(Path file, IOException e) {
    return new EnvironmentException(
        "cannot write the key " + file,
        Reason.of(e),
        "Free some space or mend the folder's permissions, or name another state folder with"
            + " --state-path.",
        e);
  }

  private static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }
}
