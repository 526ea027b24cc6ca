package hgauto.machine;

import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.Signature;

/**
 * Looks at the key that a server shows, before anything is sent to it that is not for everybody's
 * eyes. Remembers the last one.
 */
final class HostKeyCheck implements ServerKeyVerifier {
  private final ExpectedHostKeys expected;
  private volatile PublicKey shown;

  HostKeyCheck(ExpectedHostKeys expected) {
    this.expected = expected;
  }

  @Override
  public boolean verifyServerKey(ClientSession session, SocketAddress remote, PublicKey key) {
    shown = key;
    return expected.allows(key);
  }

  /** What the server may show. */
  ExpectedHostKeys expected() {
    return expected;
  }

  /** The key that it has shown last, or empty if it came to none. */
  Optional<PublicKey> shown() {
    return Optional.ofNullable(shown);
  }

  /** Whether the last one was not as expected. */
  boolean refused() {
    return shown != null && !expected.allows(shown);
  }

  /**
   * Puts the kinds of key that are expected first: the server then shows one of these, if it has
   * one. Certificates are left out, since nobody here could say who may sign them.
   */
  List<NamedFactory<Signature>> preferred(List<NamedFactory<Signature>> signatures) {
    Set<String> kinds =
        expected.accepted().stream().map(KeyUtils::getKeyType).collect(Collectors.toSet());
    return signatures.stream()
        .filter(signature -> !signature.getName().toLowerCase(Locale.ROOT).contains("-cert-"))
        .sorted(
            Comparator.comparing(
                signature -> !kinds.contains(KeyUtils.getCanonicalKeyType(signature.getName()))))
        .toList();
  }
}
