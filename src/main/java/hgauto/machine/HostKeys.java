package hgauto.machine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
   * What files in the form of OpenSSH's {@code known_hosts} have for the server, plain or hashed; a
   * server that is not in them is refused.
   *
   * @param files one at least; new keys belong in the first
   * @param alias the name by which they have the server, whatever its address is
   */
  record KnownHosts(List<Path> files, Optional<String> alias) implements HostKeys {
    /** See above. */
    public KnownHosts {
      files = List.copyOf(files);
    }

    /** One file, which has servers by their addresses. */
    public KnownHosts(Path file) {
      this(List.of(file), Optional.empty());
    }

    /** The name and the port by which the server there is known. */
    SshAddress known(SshAddress address) {
      return alias
          .map(name -> new SshAddress(address.user(), name, SshAddress.PORT))
          .orElse(address);
    }
  }
}
