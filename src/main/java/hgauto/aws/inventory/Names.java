package hgauto.aws.inventory;

import java.util.Set;

/**
 * The names that our things have in an account. They are automation.py's, whose things bear no tag
 * of ours: only these exact names tell them.
 */
public final class Names {
  /** The key pair; where another person has it, ours is this with a dash and more behind it. */
  public static final String KEY_PAIR = "hg-automation";

  /** The security group of Linux instances. */
  public static final String LINUX_GROUP = "hg-linux-dev-1";

  /** The security group of Windows instances. */
  public static final String WINDOWS_GROUP = "hg-windows-dev-1";

  /** The role of Windows instances. */
  public static final String ROLE = "hg-ephemeral-ec2-role-1";

  /** The instance profile that has the role. */
  public static final String INSTANCE_PROFILE = "hg-ephemeral-ec2-1";

  /** The tag Name of automation.py's Windows instances; its Linux instances have no tags. */
  static final String LEGACY_WINDOWS_INSTANCE = "hg-temp-windows";

  /** The images that automation.py makes. */
  static final Set<String> LEGACY_IMAGES =
      Set.of(
          "hg-linux-dev-debian9",
          "hg-linux-dev-debian10",
          "hg-linux-dev-ubuntu18.04",
          "hg-linux-dev-ubuntu19.04",
          "hg-windows-dev");

  private Names() {}
}
