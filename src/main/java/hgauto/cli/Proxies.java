package hgauto.cli;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ways to the web that the environment names, as twine takes them, for the commands that ask
 * the same servers: {@code HTTPS_PROXY} or {@code HTTP_PROXY}, by the address's scheme, else {@code
 * ALL_PROXY}, but for the hosts and domains in {@code NO_PROXY}. In lower case they come first.
 * This machine is reached without.
 */
final class Proxies extends ProxySelector {
  private static final Pattern NAME =
      Pattern.compile("(https?|all)_proxy", Pattern.CASE_INSENSITIVE);

  private static final int PORT = 80;
  private static final int LAST_PORT = 0xffff;

  private final Map<String, String> environment;
  private final ProxySelector otherwise;

  /**
   * @param otherwise for what the environment says nothing about
   */
  Proxies(Map<String, String> environment, ProxySelector otherwise) {
    this.environment = environment;
    this.otherwise = otherwise;
  }

  /** Lets all of this process go by them, if there are any. */
  static void use(Map<String, String> environment) {
    if (environment.keySet().stream().anyMatch(it -> NAME.matcher(it).matches())) {
      ProxySelector.setDefault(new Proxies(environment, ProxySelector.getDefault()));
    }
  }

  /**
   * The way to an address.
   *
   * @throws EnvironmentException if it is by way of a proxy that we cannot use
   */
  @Override
  public List<Proxy> select(URI url) {
    Optional<String> name =
        Stream.of(url.getScheme() + "_proxy", "all_proxy")
            .filter(it -> value(it).isPresent())
            .findFirst();
    if (name.isEmpty() || !isOfTheWeb(url)) { // Java asks for the way of other connections, too
      return otherwise.select(url);
    }
    return List.of(isExempt(url) ? Proxy.NO_PROXY : proxy(name.get(), url));
  }

  private static boolean isOfTheWeb(URI url) {
    return List.of("http", "https").contains(url.getScheme()) && url.getHost() != null;
  }

  private Optional<String> value(String name) {
    return Stream.of(name, name.toUpperCase(Locale.ROOT))
        .flatMap(it -> Optional.ofNullable(environment.get(it)).stream())
        .filter(it -> !it.isBlank())
        .findFirst();
  }

  private boolean isExempt(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("[::1]")
        || Arrays.stream(value("no_proxy").orElse("").toLowerCase(Locale.ROOT).split(","))
            .map(it -> it.strip().replaceFirst("^\\.", ""))
            .filter(it -> !it.isEmpty())
            .anyMatch(
                it ->
                    it.equals("*")
                        || it.equals(host)
                        || it.equals(host + ":" + url.getPort())
                        || host.endsWith("." + it));
  }

  private Proxy proxy(String name, URI to) {
    String value = value(name).orElseThrow();
    Optional<URI> proxy = parsed(value.contains("://") ? value : "http://" + value);
    if (proxy.isEmpty()) {
      throw new EnvironmentException(
          "cannot reach "
              + to.getHost()
              + " by way of the proxy that "
              + name.toUpperCase(Locale.ROOT)
              + " names",
          "it is not of the form http://HOST:PORT; neither a password nor SOCKS is possible",
          "Name one that is, or let NO_PROXY name " + to.getHost() + ".");
    }
    int port = proxy.get().getPort();
    return new Proxy(
        Proxy.Type.HTTP, new InetSocketAddress(proxy.get().getHost(), port < 0 ? PORT : port));
  }

  private static Optional<URI> parsed(String proxy) {
    try {
      return Optional.of(URI.create(proxy))
          .filter(it -> "http".equals(it.getScheme()) && it.getHost() != null)
          .filter(it -> it.getRawUserInfo() == null && it.getPort() <= LAST_PORT);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void connectFailed(URI url, SocketAddress proxy, IOException e) {
    // there is one at most
  }
}
