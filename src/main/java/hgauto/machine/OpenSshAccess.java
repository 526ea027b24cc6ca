package hgauto.machine;

import java.nio.file.Path;

/**
 * What OpenSSH's own {@code ssh} needs to reach a machine just as we do, for {@code hg push}: a
 * configuration and a known_hosts that pin the same host key, in a private folder of its own that
 * goes when this is closed. Nothing of the user's configuration is read or written.
 */
public final class OpenSshAccess implements AutoCloseable {
  private OpenSshAccess() {}

  /**
   * Writes the files.
   *
   * @param keyFile the private key, see {@link SshKey}
   */
  public static OpenSshAccess to(SshMachine machine, Path keyFile) {
    return Stub.later();
  }

  /** For {@code ui.ssh}: ssh and its arguments, quoted as Mercurial takes it. */
  public String command() {
    return Stub.later();
  }

  /** {@code ssh://hg@host:port/PATH}, for hg; the path is absolute there. */
  public String url(String path) {
    return Stub.later();
  }

  @Override
  public void close() {
    Stub.later();
  }
}
