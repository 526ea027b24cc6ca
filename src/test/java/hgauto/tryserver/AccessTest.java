package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may see the results of a Try Server. */
@Timeout(120)
class AccessTest {
  @TempDir private Path temp;
  private ServerUnderTest it;

  private void start(String address) throws IOException {
    it = new ServerUnderTest(temp);
    it.server = it.start(InetAddress.getByName(address), Optional.empty());
  }

  @AfterEach
  void stop() {
    it.close();
  }

  @Test
  void onLoopbackOnlyRequestsForALoopbackHostAreAnswered() throws Exception {
    start("127.0.0.1");
    for (String host :
        List.of("127.0.0.1", "localhost:8080", "LOCALHOST", "[::1]:80", "127.9.9.9")) {
      assertThat(it.raw(get("/", host))).as(host).startsWith("HTTP/1.1 200");
    }
    for (String host :
        List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1")) {
      for (String path : List.of("/", "/runs.json", "/runs/1", "/runs/1.json", "/runs/1/log")) {
        assertThat(it.raw(get(path, host))).as(host + path).startsWith("HTTP/1.1 403");
      }
    }
    assertThat(it.raw(get("http://localhost/", "evil.example"))).startsWith("HTTP/1.1 400");
    assertThat(it.raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 400");
  }

  private static String get(String path, String host) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  }

  @ParameterizedTest
  @CsvSource({
    "/runs/1/../../etc/passwd",
    "/runs/0",
    "/runs/9999999999999999999",
    "/runs/%2e%2e/token",
    "/runs/1%2flog",
    "/nothing",
    "/runs/-1",
    "/runs/1/lock",
    "//evil.example/",
    "/?token=%zz",
  })
  void whatIsNotThereIsNotFound(String path) throws Exception {
    start("127.0.0.1");
    assertThat(it.raw(get(path, "localhost"))).matches("(?s)HTTP/1.1 (400|404) .*");
    assertThat(it.raw(get(path, "localhost"))).doesNotContain("at hgauto", "Exception");
  }

  @Test
  void beyondLoopbackATokenIsNeeded() throws Exception {
    start("0.0.0.0");
    String token = Files.readString(it.folder.resolve("token"));
    Run run = it.awaitEnd(it.submit(), "Authorization", "Bearer " + token);
    assertThat(it.server.uri().toString()).endsWith("/?token=" + token);
    assertThat(token).matches("[0-9a-f]{32}");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(it.folder.resolve("token"))))
        .isEqualTo("rw-------");
    String page = "/runs/" + run.id();
    for (String path :
        List.of("/", "/runs.json", page, page + ".json", page + "/log", page + "/log?follow")) {
      assertThat(it.get(path).statusCode()).as(path).isEqualTo(403);
      for (String wrong : List.of("", "x", token + "0", token.substring(1))) {
        assertThat(it.get(path, "Authorization", "Bearer " + wrong).statusCode()).isEqualTo(403);
        assertThat(it.get(path, "Cookie", "hgauto-token=" + wrong).statusCode()).isEqualTo(403);
      }
      assertThat(it.get(path, "Authorization", "Bearer " + token).statusCode()).isEqualTo(200);
      assertThat(it.get(path, "Cookie", "hgauto-token=" + token).statusCode()).isEqualTo(200);
    }
    assertThat(it.get(page + "?token=x").statusCode()).isEqualTo(403);
    assertThat(it.get(page + "?token=").statusCode()).isEqualTo(403);
    HttpResponse<String> moved = it.get(page + "?token=" + token);
    assertThat(moved.statusCode()).isEqualTo(303);
    assertThat(moved.headers().firstValue("Location")).contains(page);
    assertThat(moved.headers().firstValue("Set-Cookie").orElseThrow())
        .startsWith("hgauto-token=" + token)
        .contains("HttpOnly", "SameSite=Lax" /* a link may be followed from another site */);
    assertThat(it.raw(get("//evil.example/?token=" + token, "localhost")))
        .doesNotContain("Location: //");
  }

  @Test
  void anEmptyTokenFileIsNoToken() throws Exception {
    it = new ServerUnderTest(temp);
    Files.writeString(it.folder.resolve("token"), "\n");
    it.server = it.start(InetAddress.getByName("0.0.0.0"), Optional.empty());
    assertThat(it.get("/?token=").statusCode()).isEqualTo(403);
    assertThat(Files.readString(it.folder.resolve("token"))).hasSize(32);
  }
}
