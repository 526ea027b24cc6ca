package hgauto.testbed.machine;

import hgauto.process.LocalProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** OpenSSH's own client with a key of its own, to look at machines with. */
public final class PlainSsh {
  private static final Duration AT_MOST = Duration.ofMinutes(2);

  private final Path folder;

  private PlainSsh(Path folder) {
    this.folder = folder;
  }

  /** Makes a key in a folder that is not there yet. */
  public static PlainSsh in(Path folder) throws IOException {
    Files.createDirectory(folder);
    PlainSsh made = new PlainSsh(folder);
    made.run(
        List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", made.keyFile().toString()));
    return made;
  }

  /** The private key. */
  public Path keyFile() {
    return folder.resolve("key");
  }

  /** The public half, as in {@code authorized_keys}. */
  public String publicLine() {
    try {
      return Files.readString(folder.resolve("key.pub")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a script there, by the account's shell.
   *
   * @return 255 is ssh's own failure
   */
  public LocalProgram.Result run(String user, TestMachine machine, String script) {
    try {
      Path knownHosts = folder.resolve("known_hosts");
      List<String> lines = new ArrayList<>();
      machine.hostKeys().forEach(key -> lines.add(machine.address() + " " + key));
      Files.write(knownHosts, lines);
      return run(
          List.of(
              "ssh",
              "-F",
              "none",
              "-i",
              keyFile().toString(),
              "-o",
              "BatchMode=yes",
              "-o",
              "IdentityAgent=none",
              "-o",
              "StrictHostKeyChecking=yes",
              "-o",
              "UserKnownHostsFile=" + knownHosts,
              user + "@" + machine.address(),
              script));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LocalProgram.Result run(List<String> argv) throws IOException {
    return LocalProgram.run(argv, folder, Map.of(), AT_MOST);
  }
}
