package hgauto.machine;

/**
 * The host key of one machine, made before it is launched, so that the first connection to it is
 * verified already. It opens nothing but that machine's identity, and is used for one launch only:
 * whoever is on the machine can read it in the user data.
 */
public final class LaunchHostKey {
  private LaunchHostKey() {}

  /** A new Ed25519 key. */
  public static LaunchHostKey generate() {
    return Stub.later();
  }

  /** The private half, in OpenSSH's form, as cloud-init's {@code ssh_keys} takes it. */
  public String privateText() {
    return Stub.later();
  }

  /** The public half, as one line without its end: {@code ssh-ed25519 AAAA…}. */
  public String publicLine() {
    return Stub.later();
  }
}
