package hgauto.machine;

import hgauto.error.EnvironmentException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.sshd.common.config.keys.KeyUtils;

/** What people are told of a server that shows another key than it should. */
final class HostKeyRefusal {
  /** What people name in UserKnownHostsFile who want ssh to remember nothing. */
  private static final Path NOWHERE = Path.of("/dev/null");

  private final SshAddress address;
  private final HostKeys hostKeys;
  private final ExpectedHostKeys expected;
  private final PublicKey shown;

  HostKeyRefusal(SshAddress address, HostKeys hostKeys, HostKeyCheck check) {
    this.address = address;
    this.hostKeys = hostKeys;
    this.expected = check.expected();
    this.shown = check.shown().orElseThrow();
  }

  EnvironmentException told() {
    if (hostKeys instanceof HostKeys.KnownHosts known) {
      return expected.accepted().isEmpty() && !expected.isRevoked(shown)
          ? unknown(known)
          : changed(known);
    }
    return new EnvironmentException(
        address + " is not the machine that it should be; nothing was sent to it",
        comparison(),
        "Somebody may listen between here and there, or the address is another machine's now."
            + " Do not go on before you know.");
  }

  private EnvironmentException unknown(HostKeys.KnownHosts known) {
    return new EnvironmentException(
        "the host key of " + address + " is not known; nothing was sent to it",
        "it shows " + fingerprint(shown) + ", and there is no line for it in " + files(known),
        "Ask its administrator whether that is its key. Look at it with\n  "
            + scan()
            + " | ssh-keygen -lf -\nand, if it is the same, "
            + (known.files().get(0).equals(NOWHERE)
                ? "let UserKnownHostsFile in your configuration of ssh name a file that keeps it,"
                    + " not /dev/null, and run the command again: it tells how to add it."
                : "add it with\n  " + added(known)));
  }

  private EnvironmentException changed(HostKeys.KnownHosts known) {
    return new EnvironmentException(
        address + " is not the machine that it was; nothing was sent to it",
        expected.isRevoked(shown)
            ? "it shows " + fingerprint(shown) + ", which is marked as @revoked in " + files(known)
            : comparison() + ", as it is in " + files(known),
        "Somebody may listen between here and there. If its administrator says that the key is new,"
            + " remove the old one with\n  ssh-keygen -f "
            + shown(known)
            + " -R "
            + Shell.shown(name(known))
            + "\nand add the new one with\n  "
            + added(known));
  }

  /** The first is the person's own, unless the person has none. */
  private static String shown(HostKeys.KnownHosts known) {
    Path first =
        known.files().stream().filter(file -> !file.equals(NOWHERE)).findFirst().orElseThrow();
    return Shell.shown(first.toString());
  }

  private static String files(HostKeys.KnownHosts known) {
    return known.files().stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private String comparison() {
    List<PublicKey> accepted = expected.accepted();
    return "it shows "
        + fingerprint(shown)
        + " instead of "
        + accepted.stream().map(HostKeyRefusal::fingerprint).collect(Collectors.joining(" or "));
  }

  private String scan() {
    return "ssh-keyscan -p " + address.port() + " " + Shell.shown(address.host());
  }

  /** How to write down the keys that it shows, under the name by which it is known. */
  private String added(HostKeys.KnownHosts known) {
    String renamed =
        known.alias().map(name -> " | sed " + Shell.quoted("s/^[^ ]*/" + name + "/")).orElse("");
    return scan() + renamed + " >> " + shown(known);
  }

  private String name(HostKeys.KnownHosts known) {
    SshAddress name = known.known(address);
    return name.port() == SshAddress.PORT ? name.host() : "[" + name.host() + "]:" + name.port();
  }

  private static String fingerprint(PublicKey key) {
    return KeyUtils.getKeyType(key) + " " + KeyUtils.getFingerPrint(key);
  }
}
