package hgauto.machine;

import java.nio.file.Path;
import java.util.List;

/** Which keys a server may show. There is no way to say "any". */
public sealed interface HostKeys {
  /**
   * These keys and no other.
   *
   * @param publicLines such as {@code ssh-ed25519 AAAA…}, each with or without a comment
   */
  record Pinned(List<String> publicLines) implements HostKeys {
    /** There must be one at least. */
    public Pinned {
      publicLines = List.copyOf(publicLines);
      if (publicLines.isEmpty()) {
        throw new IllegalArgumentException("no key is pinned");
      }
    }
  }

  /**
   * What a file in the form of OpenSSH's {@code known_hosts} has for the server, plain or hashed; a
   * server that is not in it is refused.
   */
  record KnownHosts(Path file) implements HostKeys {}
}
