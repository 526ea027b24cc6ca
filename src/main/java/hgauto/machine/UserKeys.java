package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;

/**
 * A person's own keys: those of the agent, and those in files that have no passphrase. In ssh's
 * order, for a server breaks off after a few that it does not know: the agent's that are in files,
 * too; the agent's others; those in files only.
 */
final class UserKeys implements Credentials {
  /** It knows its keys; the far end of a socket that is forwarded may be gone. */
  private static final Duration AGENT_ANSWERS_WITHIN = Duration.ofSeconds(10);

  private final Optional<Path> socket;
  private final List<IdentityFile> files;
  private final List<Path> certificates;
  private final List<PublicKey> inAgent = new ArrayList<>();
  private final List<KeyPair> inFiles;
  private String agent;

  /**
   * Reads the files and asks the agent, if there is one.
   *
   * @param certificates are not shown but by way of the agent, which is told if nothing opens
   * @param only whether keys of the agent that are in no file are not to be shown
   */
  UserKeys(Optional<Path> socket, List<Path> files, List<Path> certificates, boolean only) {
    this.socket = socket;
    this.certificates = List.copyOf(certificates);
    this.files = files.stream().flatMap(file -> IdentityFile.of(file).stream()).toList();
    this.agent = socket.isPresent() ? "the agent has none" : "there is no agent (SSH_AUTH_SOCK)";
    socket.ifPresent(path -> ask(path, only));
    this.inFiles =
        this.files.stream()
            .flatMap(file -> file.pair().stream())
            .filter(pair -> !contains(inAgent, pair.getPublic()))
            .toList();
  }

  private void ask(Path path, boolean only) {
    List<PublicKey> named = files.stream().flatMap(file -> file.publicKey().stream()).toList();
    try {
      List<PublicKey> held = AgentClient.keys(path, AGENT_ANSWERS_WITHIN);
      named.stream().filter(key -> contains(held, key)).forEach(inAgent::add);
      if (!only) {
        held.stream().filter(key -> !contains(named, key)).forEach(inAgent::add);
      }
    } catch (IOException e) {
      agent = "the agent at " + path + " does not answer: " + Reason.of(e);
    }
  }

  private static boolean contains(List<PublicKey> keys, PublicKey key) {
    return keys.stream().anyMatch(other -> KeyUtils.compareKeys(other, key));
  }

  @Override
  public void giveTo(SshClient client) {
    if (!inAgent.isEmpty()) {
      client.setAgentFactory(AgentClient.factory(socket.orElseThrow(), inAgent));
    }
    client.setKeyIdentityProvider(KeyIdentityProvider.wrapKeyPairs(inFiles));
  }

  @Override
  public EnvironmentException refused(SshAddress address, Exception cause) {
    List<String> shown =
        Stream.concat(inAgent.stream(), inFiles.stream().map(KeyPair::getPublic))
            .map(key -> KeyUtils.getKeyType(key) + " " + KeyUtils.getFingerPrint(key))
            .toList();
    String why =
        shown.isEmpty()
            ? "there is no key to show it"
            : "it takes none of these for the account "
                + address.user()
                + ": "
                + String.join(", ", shown);
    return new EnvironmentException(
        address + " does not let us in", why + notes(), next(address), cause);
  }

  private String notes() {
    Stream<String> agents = inAgent.isEmpty() ? Stream.of(agent) : Stream.empty();
    Stream<String> unused = unusable().map(file -> file.file() + ": " + file.trouble());
    Stream<String> certified =
        certificates.stream()
            .map(file -> file + ": a certificate is only shown by way of the agent (ssh-add)");
    return Stream.of(agents, unused, certified)
        .flatMap(notes -> notes)
        .map(note -> "\n" + note)
        .collect(Collectors.joining());
  }

  private Stream<IdentityFile> unusable() {
    return files.stream()
        .filter(file -> file.pair().isEmpty())
        .filter(file -> file.publicKey().filter(key -> contains(inAgent, key)).isEmpty());
  }

  private String next(SshAddress address) {
    String locked =
        unusable()
            .filter(IdentityFile::isLocked)
            .map(file -> "\n  ssh-add " + Shell.shown(file.file().toString()))
            .collect(Collectors.joining());
    return locked.isEmpty()
        ? "Look with `ssh -v` which key opens it, and name that by IdentityFile in ~/.ssh/config, or"
            + " the account by User."
        : "A key with a passphrase is used by way of an agent; start one if there is none"
            + " (eval \"$(ssh-agent)\"), and give it the key that opens "
            + address
            + ":"
            + locked;
  }
}
