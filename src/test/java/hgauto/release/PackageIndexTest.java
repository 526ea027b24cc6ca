package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.testbed.release.PypiServer;
import hgauto.testbed.release.ReleaseFilesMaker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageIndexTest {
  private static final String NAME = "mercurial-7.2-cp39-cp39-win32.whl";
  private static final String HASH = "0a".repeat(32);

  /** Of the three bytes abc (FIPS 180-2). */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final String JSON = "application/vnd.pypi.simple.v1+json";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private URI upload;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    upload = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/legacy");
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(String path, int status, String type, String body) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write(body.getBytes(UTF_8));
          }
        });
  }

  private Map<String, PackageIndex.Indexed> find() {
    return PackageIndex.of(upload).find(Set.of(NAME, "mercurial-7.2-cp39-cp39-win_amd64.whl"));
  }

  @Test
  void pypiIsReadOnAnotherHostThanItIsWritten() {
    assertThat(PackageIndex.of(PackageIndex.PYPI).page())
        .hasToString("https://pypi.org/simple/mercurial/");
    assertThat(PackageIndex.of(URI.create("https://test.pypi.org/legacy")).page())
        .hasToString("https://test.pypi.org/simple/mercurial/");
    assertThat(PackageIndex.of(URI.create("http://127.0.0.1:80/a")).page())
        .hasToString("http://127.0.0.1:80/a/simple/mercurial/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pypi", "ftp://pypi.org/", "https:///legacy/"})
  void whatIsNoAddressIsRefused(String address) {
    assertThatThrownBy(() -> PackageIndex.of(URI.create(address)))
        .isInstanceOf(UsageException.class)
        .hasMessage(address + " is not the address of a package index");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mercurial-scm.org/release/windows/",
        "ftp://mercurial-scm.org/",
        "https://mercurial-scm.org/?a",
        "https://mercurial-scm.org/#a",
        "https://u:secret@mercurial-scm.org/",
        "https://u:secret@_.mercurial-scm.org/",
        "u:secret@mercurial-scm.org/"
      })
  void whatIsNoPublicFolderIsRefused(String address) {
    assertThatThrownBy(() -> PublicFile.checkFolder(URI.create(address)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("mercurial-scm.org")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://u:secret@example.org/",
        "https://u:secret@_.example.org/",
        "ftp://u:secret@example.org/",
        "u:secret@example.org/"
      })
  void aPasswordInTheAddressIsRefusedAndNotTold(String address) {
    assertThatThrownBy(() -> PackageIndex.of(URI.create(address)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("example.org")
        .hasMessageNotContaining("secret");
  }

  @Test
  void json() {
    serve(
        "/legacy/simple/mercurial/",
        200,
        JSON,
        """
        {"meta": {"api-version": "1.1"}, "name": "mercurial", "files": [
          {"filename": "%s", "url": "../../files/a.whl", "hashes": {"sha256": "%s"}},
          {"filename": "mercurial-7.1.tar.gz", "url": "b", "hashes": {}}]}
        """
            .formatted(NAME, HASH));
    assertThat(find())
        .containsOnly(
            Map.entry(NAME, new PackageIndex.Indexed(upload.resolve("/legacy/files/a.whl"), HASH)));
  }

  @Test
  void html() {
    serve(
        "/legacy/simple/mercurial/",
        200,
        "text/html; charset=utf-8",
        "<!DOCTYPE html><html><body><a href='/files/a.whl#sha256=%s'> %s </a><br><a name=x>y</a>"
            .formatted(HASH, NAME));
    assertThat(find())
        .containsOnlyKeys(NAME)
        .extractingByKey(NAME)
        .extracting(PackageIndex.Indexed::sha256)
        .isEqualTo(HASH);
  }

  @Test
  void aHashThatIsNotToldIsThatOfTheFile() {
    serve(
        "/legacy/simple/mercurial/",
        200,
        "text/html",
        "<a href='a.whl#md5=900150983cd24fb0d6963f7d28e17f72'>%s</a><a href='gone'>other</a>"
            .formatted(NAME));
    serve("/legacy/simple/mercurial/a.whl", 200, "application/octet-stream", "abc");
    assertThat(find().get(NAME).sha256()).isEqualTo(ABC);
  }

  @Test
  void aProjectThatIsNotThereHasNoFilesAndThatIsKnown() {
    assertThat(find()).isEmpty();
    assertThat(PackageIndex.of(upload).findOnPage(Set.of(NAME))).isEmpty();
    serve("/legacy/simple/mercurial/", 200, "text/html", "<a href='a'>other</a>");
    assertThat(PackageIndex.of(upload).findOnPage(Set.of(NAME))).contains(Map.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 500, 503})
  void anIndexThatIsNotWellIsTold(int status) {
    serve("/legacy/simple/mercurial/", status, "text/plain", "no");
    assertThatThrownBy(this::find)
        .isInstanceOfSatisfying(
            EnvironmentException.class,
            e -> assertThat(e.why()).isEqualTo("the server answers with HTTP status " + status));
  }

  @Test
  void anIndexThatIsDownIsTold() {
    server.stop(0);
    assertThatThrownBy(this::find)
        .isInstanceOf(EnvironmentException.class)
        .hasMessage("cannot read " + upload + "/simple/mercurial/");
  }

  @Test
  void anIndexThatSaysNothingIsNotWaitedForForEver() {
    CountDownLatch ended = new CountDownLatch(1);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            ended.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      PackageIndex index = PackageIndex.of(upload, Duration.ofMillis(200));
      assertThatThrownBy(() -> index.find(Set.of(NAME)))
          .isInstanceOfSatisfying(
              EnvironmentException.class,
              e -> assertThat(e.why()).containsIgnoringCase("timed out"));
    } finally {
      ended.countDown();
    }
  }

  @Test
  void aServerThatDripsIsNotWaitedForForEver() {
    assertThat(find()).isEmpty(); // a JVM's first request can take a second
    CountDownLatch ended = new CountDownLatch(1);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            while (!ended.await(20, TimeUnit.MILLISECONDS)) {
              exchange.getResponseBody().write('a');
              exchange.getResponseBody().flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      PackageIndex index = PackageIndex.of(upload, Duration.ofSeconds(2));
      assertThatThrownBy(() -> index.find(Set.of(NAME)))
          .isInstanceOfSatisfying(
              EnvironmentException.class,
              e ->
                  assertThat(e.why()).matches("it timed out: only [1-9]\\d* bytes came within .*"));
    } finally {
      ended.countDown();
    }
  }

  @Test
  void aServerThatIsSlowButSendsEnoughIsWaitedFor() throws IOException {
    assertThat(find()).isEmpty(); // a JVM's first request can take a second
    CountDownLatch never = new CountDownLatch(1);
    byte[] some = new byte[60 << 10];
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 20L * some.length);
            for (int sent = 0; sent < 20; sent++) {
              exchange.getResponseBody().write(some);
              exchange.getResponseBody().flush();
              boolean unused = never.await(200, TimeUnit.MILLISECONDS);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(
            PublicFile.get(
                upload, "*/*", Duration.ofMillis(1500), answer -> answer.content().readAllBytes()))
        .hasValueSatisfying(content -> assertThat(content).hasSize(20 * some.length));
  }

  @Test
  void aProxyIsAskedForWhatIsElsewhereAndIsNamedWhereThatFails() {
    serve("/", 200, "text/plain", "by the proxy");
    HttpClient http = PublicFile.client(ProxySelector.of(server.getAddress()));
    URI elsewhere = URI.create("http://index.invalid/simple/");
    assertThat(
            PublicFile.get(
                http,
                elsewhere,
                "*/*",
                PublicFile.SILENCE,
                answer -> new String(answer.content().readAllBytes(), UTF_8)))
        .contains("by the proxy");

    server.stop(0);
    assertThatThrownBy(
            () -> PublicFile.get(http, elsewhere, "*/*", PublicFile.SILENCE, answer -> ""))
        .isInstanceOfSatisfying(
            EnvironmentException.class,
            e -> assertThat(e.why()).contains("by way of the proxy at", "127.0.0.1"));
  }

  @Test
  void redirectionsAreFollowed() {
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/there");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    serve("/there", 200, "text/plain", "abc");
    assertThat(PublicFile.sha256(upload.resolve("/moved"))).contains(ABC);
  }

  @Test
  void anAnswerThatIsCutOffIsNotTakenForTheWhole() {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(new byte[10]);
          exchange.close();
        });
    assertThatThrownBy(() -> PublicFile.sha256(upload))
        .isInstanceOfSatisfying(
            EnvironmentException.class,
            e -> assertThat(e.why()).isEqualTo("only 10 bytes came, of 1000"));
  }

  private void isToldOfThePage(String why) {
    assertThatThrownBy(this::find)
        .isInstanceOfSatisfying(
            EnvironmentException.class,
            e -> {
              assertThat(e.what()).isEqualTo("cannot read " + upload + "/simple/mercurial/");
              assertThat(e.why()).isEqualTo(why);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://127.0.0.1/a", "foo:bar", "http://[", "http://127.0.0.1/^"})
  void aLinkThatCannotBeFollowedIsTold(String link) {
    serve("/legacy/simple/mercurial/", 200, "text/html", "<a href='" + link + "'>" + NAME + "</a>");
    isToldOfThePage("it has " + NAME + " at " + link + ", which is no address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://127.0.0.1/a", "foo:bar", "not an address"})
  void anAddressInJsonThatCannotBeFollowedIsTold(String url) {
    serve(
        "/legacy/simple/mercurial/",
        200,
        JSON,
        "{\"files\": [{\"filename\": \"%s\", \"url\": \"%s\"}]}".formatted(NAME, url));
    isToldOfThePage("it has " + NAME + " at " + url + ", which is no address");
  }

  @Test
  void aFileThatIsNullIsTold() {
    serve("/legacy/simple/mercurial/", 200, JSON, "{\"files\": [null]}");
    isToldOfThePage("a file in the answer has no name or no address");
  }

  @Test
  void anotherFilesLinkThatCannotBeFollowedIsNoMatter() {
    serve(
        "/legacy/simple/mercurial/",
        200,
        "text/html",
        "<a href='not an address'>other</a><a href='a.whl#sha256=" + HASH + "'>" + NAME + "</a>");
    assertThat(find()).containsOnlyKeys(NAME);
  }

  @Test
  void anotherFilesAddressInJsonIsNoMatter() {
    serve(
        "/legacy/simple/mercurial/",
        200,
        JSON,
        """
        {"files": [{"filename": "other", "url": "not an address"},
          {"filename": "%s", "url": "a.whl", "hashes": {"sha256": "%s"}}]}
        """
            .formatted(NAME, HASH));
    assertThat(find()).containsOnlyKeys(NAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a href='a.whl#sha256=%2$s'>%1$s</a>",
        "{\"files\": [{\"filename\": \"%s\", \"url\": \"a\", \"hashes\": {\"sha256\": \"%s\"}}]}"
      })
  void aHashInCapitalsIsTheSame(String page) {
    serve(
        "/legacy/simple/mercurial/",
        200,
        page.startsWith("{") ? JSON : "text/html",
        page.formatted(NAME, HASH.toUpperCase(Locale.ROOT)));
    assertThat(find().get(NAME).sha256()).isEqualTo(HASH);
  }

  @Test
  void jsonThatIsNoneIsTold() {
    serve("/legacy/simple/mercurial/", 200, JSON, "<html>");
    assertThatThrownBy(this::find).isInstanceOf(EnvironmentException.class);
  }

  @Test
  void aRealIndex(@TempDir Path folder) throws IOException {
    try (PypiServer pypi = PypiServer.start(folder)) {
      PackageIndex index = PackageIndex.of(pypi.upload());
      assertThat(index.find(Set.of(NAME))).isEmpty();

      Path wheel = new ReleaseFilesMaker(pypi.packages(), "7.2", 100).wheel("cp39-cp39-win32");

      PackageIndex.Indexed found = index.find(Set.of(NAME)).get(NAME);
      assertThat(found.sha256()).isEqualTo(Sha256.of(wheel));
      assertThat(PublicFile.sha256(found.url())).contains(Sha256.of(wheel));
      assertThat(PublicFile.sha256(pypi.upload().resolve("/packages/none.whl"))).isEmpty();
    }
  }
}
