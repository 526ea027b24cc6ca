package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;

/**
 * The keys that one server may show.
 *
 * @param accepted may be shown
 * @param revoked must not be shown, even if they are accepted
 */
record ExpectedHostKeys(List<PublicKey> accepted, List<PublicKey> revoked) {
  ExpectedHostKeys {
    accepted = List.copyOf(accepted);
    revoked = List.copyOf(revoked);
  }

  /**
   * What is known of the server there; nothing if there is no file of known hosts.
   *
   * @throws EnvironmentException if the file of known hosts is there and cannot be read
   */
  static ExpectedHostKeys of(HostKeys hostKeys, SshAddress address) {
    if (hostKeys instanceof HostKeys.Pinned pinned) {
      return new ExpectedHostKeys(
          pinned.publicLines().stream().map(ExpectedHostKeys::pinned).toList(), List.of());
    }
    HostKeys.KnownHosts known = (HostKeys.KnownHosts) hostKeys;
    return known(known.files(), known.known(address));
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

  private static ExpectedHostKeys known(List<Path> files, SshAddress address) {
    List<KnownHostsLine> lines = files.stream().flatMap(file -> lines(file).stream()).toList();
    List<PublicKey> accepted = keys(lines, "", address.host(), address.port());
    List<PublicKey> revoked = new ArrayList<>();
    revoked.addAll(keys(lines, "@revoked", address.host(), address.port()));
    revoked.addAll(keys(lines, "@revoked", address.host(), SshAddress.PORT));
    // As ssh does: a line without a port will do where none has this port.
    return new ExpectedHostKeys(
        accepted.isEmpty() ? keys(lines, "", address.host(), SshAddress.PORT) : accepted, revoked);
  }

  /** Lines marked {@code @cert-authority} do not count: certificates are not asked for. */
  private static List<PublicKey> keys(
      List<KnownHostsLine> lines, String marker, String host, int port) {
    return lines.stream()
        .filter(line -> line.marker().equals(marker) && line.isAbout(host, port))
        .flatMap(line -> line.publicKey().stream())
        .toList();
  }

  private static List<KnownHostsLine> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
          .flatMap(line -> KnownHostsLine.of(line).stream())
          .toList();
    } catch (NoSuchFileException e) { // as ssh has it: nobody is known yet
      return List.of();
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot read the file of known hosts " + file,
          Reason.of(e),
          "It must have the host's key; ssh-keyscan prints it, and its administrator can say"
              + " whether it is the right one.",
          e);
    }
  }
}
