package hgauto.machine;

import hgauto.error.UsageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/**
 * Where an SSH server is, and the account to use there.
 *
 * @param user name of the account
 * @param host name or address; an IPv6 address without brackets
 * @param port of TCP
 */
public record SshAddress(String user, String host, int port) {
  /** Whose account it is unless an address says otherwise; see docs/remote-machines.md. */
  public static final String USER = "hg";

  /** Where SSH servers listen unless they say otherwise. */
  public static final int PORT = 22;

  /**
   * It goes into the configuration of ssh, too: nothing that ends a line, or means anything there.
   */
  private static final Pattern ACCOUNT = Pattern.compile("\\w[\\w.-]*");

  /** As ssh and scp take it. */
  private static final Pattern SCHEMELESS =
      Pattern.compile("([\\w.-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?");

  /**
   * Reads {@code ssh://hg@builder:2222}; user and port may be left out.
   *
   * @throws UsageException if it is anything else; a password or a path is refused, too
   */
  public static SshAddress of(String url) {
    try {
      URI uri = new URI(url);
      String user = uri.getRawUserInfo() == null ? USER : uri.getRawUserInfo();
      String path = uri.getPath() == null ? "" : uri.getPath();
      if ("ssh".equals(uri.getScheme())
          && uri.getHost() != null
          && ACCOUNT.matcher(user).matches()
          && (path.isEmpty() || path.equals("/"))
          && uri.getQuery() == null
          && uri.getFragment() == null
          && uri.getPort() != 0
          && uri.getPort() <= 65_535) {
        String host = uri.getHost().replaceAll("^\\[|]$", "");
        return new SshAddress(user, host, uri.getPort() == -1 ? PORT : uri.getPort());
      }
    } catch (URISyntaxException e) {
      // told below, like all else that is no address
    }
    throw new UsageException(
        "this is not the address of an SSH server: " + url,
        "",
        SCHEMELESS.matcher(url).matches()
            ? "Write it like this: ssh://" + url
            : "Write it like this: ssh://hg@builder or ssh://hg@builder:2222");
  }

  /** As {@link #of} reads it; the standard port is left out. */
  @Override
  public String toString() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return "ssh://" + user + "@" + name + (port == PORT ? "" : ":" + port);
  }
}
