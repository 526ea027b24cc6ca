package hgauto.testbed.aws;

import java.util.List;

/** The owners that a Describe call of EC2 asks for. */
final class Owners {
  private Owners() {}

  /**
   * Whether something is asked for.
   *
   * @param wanted account ids, aliases, and {@code self}; if empty, everything is
   * @param alias of its owner; may be null
   */
  static boolean met(List<String> wanted, String owner, String alias) {
    return wanted.isEmpty()
        || wanted.contains(owner)
        || (alias != null && wanted.contains(alias))
        || (owner.equals(FakeState.ACCOUNT) && wanted.contains("self"));
  }
}
