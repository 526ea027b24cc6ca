package hgauto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  private static final Proxy OTHERWISE = proxy(1);

  private static Proxy proxy(int port) {
    return new Proxy(
        Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static Proxy way(Map<String, String> environment, String url) {
    ProxySelector otherwise =
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            return List.of(OTHERWISE);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException e) {
            throw new AssertionError(e);
          }
        };
    return new Proxies(environment, otherwise).select(URI.create(url)).get(0);
  }

  @Test
  void eachSchemeHasItsOwnAndLowerCaseComesFirst() {
    Map<String, String> environment =
        Map.of(
            "HTTPS_PROXY", "http://127.0.0.1:2",
            "HTTP_PROXY", "http://127.0.0.1:3",
            "http_proxy", "127.0.0.1:4/");
    assertThat(way(environment, "https://pypi.org/simple/")).isEqualTo(proxy(2));
    assertThat(way(environment, "http://example.org/")).isEqualTo(proxy(4));
    assertThat(way(Map.of("ALL_PROXY", "127.0.0.1"), "http://example.org/")).isEqualTo(proxy(80));
  }

  @Test
  void whatTheEnvironmentSaysNothingAboutIsJavas() {
    assertThat(way(Map.of("HTTP_PROXY", "127.0.0.1:2"), "https://pypi.org/")).isEqualTo(OTHERWISE);
    assertThat(way(Map.of("HTTPS_PROXY", " "), "https://pypi.org/")).isEqualTo(OTHERWISE);
    assertThat(way(Map.of("ALL_PROXY", "127.0.0.1:2"), "socket://pypi.org:22"))
        .isEqualTo(OTHERWISE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pypi.org|https://pypi.org/|true",
        "a, .PyPI.org|https://upload.pypi.org/|true",
        "pypi.org:8443|https://pypi.org:8443/|true",
        "*|https://pypi.org/|true",
        "pypi.org|https://notpypi.org/|false",
        "pypi.org:8443|https://pypi.org/|false",
        "''|https://pypi.org/|false",
        "''|https://localhost/|true",
        "''|https://127.0.0.1:1/|true",
        "''|https://[::1]/|true"
      })
  void someHostsAreReachedWithout(String exempt, String url, boolean without) {
    assertThat(way(Map.of("HTTPS_PROXY", "127.0.0.1:2", "NO_PROXY", exempt), url))
        .isEqualTo(without ? Proxy.NO_PROXY : proxy(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://u:secret@127.0.0.1:2", "u:sec ret@a", "socks5://127.0.0.1:2"})
  void oneThatCannotBeUsedIsToldWithoutItsPassword(String proxy) {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> way(Map.of("https_proxy", proxy), "https://pypi.org/"))
        .withMessage("cannot reach pypi.org by way of the proxy that HTTPS_PROXY names")
        .satisfies(e -> assertThat(e.why() + e.next()).doesNotContain("sec").contains("NO_PROXY"));
  }
}
