package hgauto.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.state.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * One of a person's keys, as {@code IdentityFile} in ssh_config(5) names it.
 *
 * @param file with the private half; may have the public one, for a key that only an agent has
 * @param pair both halves, where they can be had without asking for a passphrase
 * @param publicKey the public half, where it is known; a file beside may have it
 * @param trouble why there is no pair, for people; empty where there is one
 */
record IdentityFile(
    Path file, Optional<KeyPair> pair, Optional<PublicKey> publicKey, String trouble) {
  static final String PASSPHRASE = "it has a passphrase";

  /** Empty where there is no such file, as with most of those that ssh looks for by itself. */
  static Optional<IdentityFile> of(Path file) {
    AtomicBoolean locked = new AtomicBoolean();
    String trouble;
    try (InputStream text = Files.newInputStream(file)) {
      Iterable<KeyPair> found =
          SecurityUtils.loadKeyPairIdentities(
              null,
              NamedResource.ofName(file.toString()),
              text,
              (session, resource, retry) -> {
                locked.set(true);
                return null;
              });
      Iterator<KeyPair> pairs = found == null ? null : found.iterator();
      if (pairs != null && pairs.hasNext()) {
        KeyPair pair = pairs.next();
        return Optional.of(
            new IdentityFile(file, Optional.of(pair), Optional.of(pair.getPublic()), ""));
      }
      trouble = "it is no private key";
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      trouble = Reason.of(e);
    } catch (GeneralSecurityException | RuntimeException e) { // MINA's, for a damaged file
      trouble = "it cannot be read: " + e.getMessage();
    }
    return Optional.of(
        new IdentityFile(
            file, Optional.empty(), publicHalf(file), locked.get() ? PASSPHRASE : trouble));
  }

  private static Optional<PublicKey> publicHalf(Path file) {
    return publicKey(file).or(() -> publicKey(file.resolveSibling(file.getFileName() + ".pub")));
  }

  private static Optional<PublicKey> publicKey(Path file) {
    try {
      String line = Files.readString(file, UTF_8).strip();
      return Optional.ofNullable(
          PublicKeyEntry.parsePublicKeyEntry(line).resolvePublicKey(null, null, null));
    } catch (IOException | GeneralSecurityException | RuntimeException e) { // it is none
      return Optional.empty();
    }
  }

  /** Whether a passphrase would open it. */
  boolean isLocked() {
    return trouble.equals(PASSPHRASE);
  }
}
