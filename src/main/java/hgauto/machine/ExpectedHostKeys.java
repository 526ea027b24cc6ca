package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that one server may show.
 *
 * @param accepted may be shown
 * @param revoked must not be shown, even if they are accepted
 */
record ExpectedHostKeys(List<PublicKey> accepted, List<PublicKey> revoked) {
  private static final Logger LOG = LoggerFactory.getLogger(ExpectedHostKeys.class);

  private static final String REVOKED = "revoked";

  ExpectedHostKeys {
    accepted = List.copyOf(accepted);
    revoked = List.copyOf(revoked);
  }

  /**
   * What is known of the server there.
   *
   * @throws EnvironmentException if the file of known hosts cannot be read
   */
  static ExpectedHostKeys of(HostKeys hostKeys, SshAddress address) {
    if (hostKeys instanceof HostKeys.Pinned pinned) {
      return new ExpectedHostKeys(
          pinned.publicLines().stream().map(ExpectedHostKeys::pinned).toList(), List.of());
    }
    return known(((HostKeys.KnownHosts) hostKeys).file(), address);
  }

  /** Whether the server may show this key. */
  boolean allows(PublicKey key) {
    return contains(accepted, key) && !isRevoked(key);
  }

  /** Whether this key is known to be nobody's any more. */
  boolean isRevoked(PublicKey key) {
    return contains(revoked, key);
  }

  private static boolean contains(List<PublicKey> keys, PublicKey key) {
    return keys.stream().anyMatch(known -> KeyUtils.compareKeys(known, key));
  }

  private static PublicKey pinned(String line) {
    try {
      return PublicKeyEntry.parsePublicKeyEntry(line).resolvePublicKey(null, null, null);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("not a public key: " + line, e);
    }
  }

  private static ExpectedHostKeys known(Path file, SshAddress address) {
    List<KnownHostEntry> entries = entries(file);
    ExpectedHostKeys known = of(entries, address.host(), address.port());
    // As ssh does: a line without a port will do where none has this port.
    return known.accepted.isEmpty() && known.revoked.isEmpty()
        ? of(entries, address.host(), SshAddress.PORT)
        : known;
  }

  private static ExpectedHostKeys of(List<KnownHostEntry> entries, String host, int port) {
    List<PublicKey> accepted = new ArrayList<>();
    List<PublicKey> revoked = new ArrayList<>();
    for (KnownHostEntry entry : entries) {
      if (!entry.isHostMatch(host.toLowerCase(Locale.ROOT), port)) {
        continue;
      }
      if (entry.getMarker() == null) {
        key(entry).ifPresent(accepted::add);
      } else if (entry.getMarker().equals(REVOKED)) {
        key(entry).ifPresent(revoked::add);
      } // @cert-authority: certificates are not asked for
    }
    return new ExpectedHostKeys(accepted, revoked);
  }

  private static List<KnownHostEntry> entries(Path file) {
    List<KnownHostEntry> entries = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        entry(line).ifPresent(entries::add);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot read the file of known hosts " + file,
          Reason.of(e),
          "It must have the host's key; ssh-keyscan prints it, and its administrator can say"
              + " whether it is the right one.",
          e);
    }
    return entries;
  }

  /** Lines that cannot be read do not count; OpenSSH passes over them, too. */
  private static Optional<KnownHostEntry> entry(String line) {
    try {
      String text = line.strip();
      return text.isEmpty() || text.startsWith("#")
          ? Optional.empty()
          : Optional.ofNullable(KnownHostEntry.parseKnownHostEntry(text));
    } catch (RuntimeException e) { // MINA's, for any other text
      LOG.debug("not a line of known hosts: {}", line, e);
      return Optional.empty();
    }
  }

  /** Kinds of key that MINA does not know cannot be shown either. */
  private static Optional<PublicKey> key(KnownHostEntry entry) {
    try {
      return Optional.ofNullable(entry.getKeyEntry().resolvePublicKey(null, null, null));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.debug("not a key that can be shown: {}", entry.getConfigLine(), e);
      return Optional.empty();
    }
  }
}
