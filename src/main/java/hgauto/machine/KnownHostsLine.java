package hgauto.machine;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.sshd.client.config.hosts.KnownHostHashValue;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line of a file as ssh keeps it, see "SSH_KNOWN_HOSTS FILE FORMAT" in sshd(8).
 *
 * @param marker such as {@code @revoked}; mostly empty
 * @param names patterns with commas between them, or the hash of one name
 * @param key its kind and itself
 */
record KnownHostsLine(String marker, String names, String key) {
  private static final Logger LOG = LoggerFactory.getLogger(KnownHostsLine.class);

  /** What the line says, or empty if it says nothing; ssh passes over such lines, too. */
  static Optional<KnownHostsLine> of(String line) {
    String text = line.strip();
    String marker = "";
    if (text.startsWith("@")) {
      marker = text.split("\\s", 2)[0];
      text = text.substring(marker.length()).strip();
    }
    String[] words = text.split("\\s+", 4);
    return text.startsWith("#") || words.length < 3
        ? Optional.empty()
        : Optional.of(new KnownHostsLine(marker, words[0], words[1] + " " + words[2]));
  }

  /** Whether it is about the server there. */
  boolean isAbout(String host, int port) {
    String lower = host.toLowerCase(Locale.ROOT);
    if (names.startsWith("|")) {
      return isHashOf(lower, port);
    }
    String name = port == SshAddress.PORT ? lower : "[" + lower + "]:" + port;
    boolean found = false;
    for (String pattern : names.toLowerCase(Locale.ROOT).split(",", -1)) {
      if (pattern.startsWith("!") && matches(pattern.substring(1), name)) {
        return false;
      }
      found |= matches(pattern, name);
    }
    return found;
  }

  /** Brackets are nothing special, so {@code *} is about all ports. */
  private static boolean matches(String pattern, String name) {
    String regex = ("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return Pattern.matches(regex, name);
  }

  private boolean isHashOf(String host, int port) {
    try {
      return KnownHostHashValue.parse(names).isHostMatch(host, port);
    } catch (RuntimeException e) { // MINA's, for any other text
      LOG.debug("not the hash of a host: {}", names, e);
      return false;
    }
  }

  /** Empty for a kind of key that cannot be shown to us either. */
  Optional<PublicKey> publicKey() {
    try {
      return Optional.ofNullable(
          PublicKeyEntry.parsePublicKeyEntry(key).resolvePublicKey(null, null, null));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.debug("not a public key: {}", key, e);
      return Optional.empty();
    }
  }
}
