package hgauto.aws;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Says whose a resource is: {@code ann@laptop}, in the tag {@link #TAG}. */
public final class Owner {
  /** The tag that every resource of ours bears, but those that automation.py made. */
  public static final String TAG = "hgauto:owner";

  private Owner() {}

  /** The user and the name of this machine, in the characters that every tag may have. */
  public static String here() {
    return (System.getProperty("user.name") + "@" + host())
        .replaceAll("[^\\p{L}\\p{N}_.:/=+@-]", "_");
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // a machine whose own name has no address
    }
  }
}
