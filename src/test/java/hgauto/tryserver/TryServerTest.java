package hgauto.tryserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import hgauto.aws.AccessKey;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Submissions, and what becomes of them. */
@Timeout(120)
class TryServerTest {
  @TempDir private static Path temp;
  private static ServerUnderTest it;

  @BeforeAll
  static void start() throws Exception {
    it = ServerUnderTest.start(temp);
  }

  @AfterAll
  static void stop() {
    it.close();
  }

  /** Makes the tip what it is for all tests: a draft with tests, and nothing to build. */
  private static void makeTip() throws Exception {
    it.source.hg("update", "--clean", "--rev=desc('the draft')");
    it.source.write("again", UUID.randomUUID().toString()).commit("tip");
  }

  private static int runs() throws Exception {
    return new Gson().fromJson(it.get("/runs.json").body(), List.class).size();
  }

  /** The JSON of a submission with one field put differently; null leaves it out. */
  private static byte[] changed(String field, String value) {
    JsonObject json =
        new Gson().fromJson(new String(it.submission("tip").toJson(), UTF_8), JsonObject.class);
    json.addProperty(field, value);
    return new Gson().toJson(json).getBytes(UTF_8);
  }

  @Test
  void testsThatPassAreAVerdict() throws Exception {
    Run run = it.test();
    assertThat(run.status()).isEqualTo(RunStatus.PASSED);
    assertThat(run.exitCode()).isZero();
    assertThat(run.counts()).isEqualTo(new Run.Counts(1, 0, 0));
    assertThat(run.node()).isEqualTo(it.source.node("tip"));
    assertThat(it.log(run)).contains("[hgauto] checking out " + run.node());
    assertThat(it.workParent).isEmptyDirectory();
    assertThat(Files.readString(it.server.pageFile(run.id()))).contains("test-good.t");
  }

  @Test
  void testsThatFailAreAVerdictWithRunTestsOwnCode() throws Exception {
    Run run = it.test("--fail=test-bad.t", "--exit=80");
    assertThat(run.status()).isEqualTo(RunStatus.FAILED);
    assertThat(run.exitCode()).isEqualTo(80);
    assertThat(run.counts()).isEqualTo(new Run.Counts(1, 1, 0));
    String json = it.get("/runs/" + run.id() + ".json").body();
    assertThat(RunJson.readTests(json))
        .anyMatch(t -> t.name().equals("test-bad.t") && t.output().contains("+new"));
  }

  @Test
  void makeLocalIsUsedWhereTheTreeHasIt() throws Exception {
    it.source.write("Makefile", "local:\n\t@echo built by $(PYTHON)\n").commit("make");
    try {
      Run run = it.test();
      assertThat(run.status()).isEqualTo(RunStatus.PASSED);
      assertThat(it.log(run)).contains("argv: [\"--local\", \"--xunit=").doesNotContain("built by");
      assertThat(it.get("/runs/" + run.id() + "/build").body()).isEqualTo("built by python3\n");
      assertThat(it.log(it.test("--with-hg=/usr/bin/hg"))).doesNotContain("\"--local\"");
      it.source.write("Makefile", "local:\n\t@echo no compiler; exit 3\n").commit("broken make");
      Run broken = it.test();
      assertThat(broken.status()).isEqualTo(RunStatus.ERROR);
      assertThat(broken.reason()).isEqualTo("make local ended with code 2");
      assertThat(it.log(broken)).contains("no compiler").endsWith(broken.reason() + "\n");
    } finally {
      makeTip();
    }
  }

  @Test
  void aTreeWithoutTestsHasNoVerdict() throws Exception {
    it.source.hg("update", "--rev=null");
    it.source.hg("branch", "other", "--force");
    try {
      it.source.write("readme", "").commit("another root");
      Run run = it.awaitEnd(it.submit(it.submission("tip")));
      assertThat(run.status()).isEqualTo(RunStatus.ERROR);
      assertThat(run.reason()).isEqualTo("the changeset has no tests/run-tests.py");
    } finally {
      makeTip();
    }
  }

  @Test
  void aPublicChangesetIsTestedToo() {
    assertThat(it.awaitEnd(it.submit(it.submission("public()"))).status())
        .isEqualTo(RunStatus.PASSED);
  }

  @Test
  void twoAtOnceBecomeTwoRunsAndBothEnd() {
    List<CompletableFuture<Run>> both =
        List.of("--first", "--second").stream()
            .map(flag -> CompletableFuture.supplyAsync(() -> it.test(flag)))
            .toList();
    assertThat(both.get(0).join().id()).isNotEqualTo(both.get(1).join().id());
    assertThat(both).allMatch(run -> run.join().status() == RunStatus.PASSED);
  }

  @Test
  void aRepeatedRequestIsAnsweredWithTheFirstRun() throws Exception {
    byte[] body = it.submission("tip", "--repeated").toJson();
    var headers = it.sign(ServerUnderTest.INVOKE, body, it.server.accessKey(), Clock.systemUTC());
    HttpResponse<String> first = it.post(ServerUnderTest.INVOKE, headers, body);
    int before = runs();
    HttpResponse<String> second = it.post(ServerUnderTest.INVOKE, headers, body);
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(200);
    String run = first.headers().firstValue("X-Hgauto-Run").orElseThrow();
    assertThat(second.headers().firstValue("X-Hgauto-Run")).contains(run);
    assertThat(second.body()).contains("results: " + run);
    it.awaitEnd(URI.create(run));
    it.post(ServerUnderTest.INVOKE, headers, body);
    assertThat(runs()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bundle | | the field bundle is missing",
        "bundle | A*B | the bundle is not valid base64",
        "bundle | AAAA | the bundle does not fit this server's clone",
        "node | tip | the node is not 40 hexadecimal digits",
        "node | 0123456789012345678901234567890123456789 | the bundle does not contain changeset",
        "user | | the field user is missing",
      })
  void brokenSubmissionsAreRejectedAndLeaveNothing(String field, String value, String reason)
      throws Exception {
    int before = runs();
    HttpResponse<String> answer = it.post(ServerUnderTest.INVOKE, changed(field, value));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("X-Amzn-ErrorType"))
        .contains("InvalidRequestContentException");
    assertThat(answer.body()).contains(new Gson().toJson(reason).replace("\"", ""));
    assertThat(runs()).isEqualTo(before);
  }

  @Test
  void aTruncatedBundleIsRejectedAndTheServerGoesOn() throws Exception {
    Submission whole = it.submission("tip");
    for (int length : new int[] {0, 10, whole.bundle().length / 2}) {
      Submission cut =
          new Submission(
              Arrays.copyOf(whole.bundle(), length), whole.node(), "b", "u", "m", List.of());
      HttpResponse<String> answer = it.post(ServerUnderTest.INVOKE, cut.toJson());
      assertThat(answer.statusCode()).as("of %d bytes: %s", length, answer.body()).isEqualTo(400);
    }
    assertThat(it.test("--after-truncated").status()).isEqualTo(RunStatus.PASSED);
  }

  @Test
  void aBundleOnAParentThatTheServerLacksIsRejected() throws Exception {
    ServerUnderTest elsewhere = new ServerUnderTest(Files.createDirectory(temp.resolve("other")));
    elsewhere.source.write("x", "1").commit("not known to the server");
    elsewhere.source.hg("phase", "--public", "--rev=.");
    elsewhere.source.write("x", "2").commit("on top");
    HttpResponse<String> answer =
        it.post(ServerUnderTest.INVOKE, elsewhere.submission("tip").toJson());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("does not fit this server", "unknown parent");
  }

  @ParameterizedTest
  @CsvSource({
    "unsigned, 403, MissingAuthenticationTokenException",
    "wrong secret, 403, InvalidSignatureException",
    "unknown key, 403, UnrecognizedClientException",
    "an hour old, 403, InvalidSignatureException",
    "an hour ahead, 403, InvalidSignatureException",
    "one byte changed, 403, InvalidSignatureException",
  })
  void requestsThatAreNotSignedRightAreRefused(String how, int status, String type)
      throws Exception {
    byte[] body = it.submission("tip").toJson();
    AccessKey key = it.server.accessKey();
    Clock now = Clock.systemUTC();
    var headers =
        switch (how) {
          case "unsigned" -> Map.<String, List<String>>of();
          case "wrong secret" ->
              it.sign(ServerUnderTest.INVOKE, body, new AccessKey(key.id(), "x".repeat(40)), now);
          case "unknown key" ->
              it.sign(ServerUnderTest.INVOKE, body, new AccessKey("AKIAX", key.secret()), now);
          case "an hour old" ->
              it.sign(ServerUnderTest.INVOKE, body, key, Clock.offset(now, Duration.ofHours(-1)));
          case "an hour ahead" ->
              it.sign(ServerUnderTest.INVOKE, body, key, Clock.offset(now, Duration.ofHours(1)));
          default -> it.sign(ServerUnderTest.INVOKE, body, key, now.withZone(ZoneOffset.UTC));
        };
    if (how.startsWith("one byte")) {
      body[body.length - 3]++;
    }
    int before = runs();
    HttpResponse<String> answer = it.post(ServerUnderTest.INVOKE, headers, body);
    assertThat(answer.headers().firstValue("X-Amzn-ErrorType")).contains(type);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(runs()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "ci-other, '', 404, ResourceNotFoundException",
    "ci-try-server-upload, DryRun, 400, InvalidParameterValueException",
    "ci-try-server-upload, Event, 400, InvalidParameterValueException",
  })
  void whatElseLambdaCanDoIsRefused(String function, String invocation, int status, String type)
      throws Exception {
    HttpResponse<String> answer =
        it.post(
            "/2015-03-31/functions/" + function + "/invocations",
            it.submission("tip").toJson(),
            "X-Amz-Invocation-Type",
            invocation.isEmpty() ? "RequestResponse" : invocation);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("X-Amzn-ErrorType")).contains(type);
    assertThat(it.get(ServerUnderTest.INVOKE).statusCode()).isEqualTo(405);
  }

  @Test
  void bodiesThatAreTooLongAreRefused() throws Exception {
    long most = InvokeHandler.MOST_BYTES;
    String head = "POST " + ServerUnderTest.INVOKE + " HTTP/1.1\r\nHost: localhost\r\n";
    assertThat(it.raw(head + "Content-Length: " + (most + 1) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 413")
        .contains("RequestTooLargeException", "a submission can have 96 MiB");
    // A length that is not declared shows while it is read, which only a known key may ask for.
    assertThat(it.raw(head + "Transfer-Encoding: chunked\r\n\r\n")).startsWith("HTTP/1.1 403");
    byte[] body = new byte[(int) most + 1];
    HttpResponse<String> answer =
        it.postChunked(
            it.sign(ServerUnderTest.INVOKE, body, it.server.accessKey(), Clock.systemUTC()), body);
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void whatASubmitterWritesIsShownAndNeverActedOn() throws Exception {
    String hostile = "<script>alert(1)</script> \"'`; $(touch x)\n\n\u202eline & more";
    String user = "Eve <script>\"'\n<eve@example.org>";
    Submission tip = it.submission("tip");
    Submission mean =
        new Submission(tip.bundle(), tip.node(), "<b>../../x", user, hostile, List.of());
    Run run = it.awaitEnd(it.submit(mean));
    assertThat(run.status()).isEqualTo(RunStatus.PASSED);
    assertThat(List.of(run.message(), run.user(), run.branch()))
        .containsExactly(hostile, user, "<b>../../x");
    for (String page : List.of("/", "/runs/" + run.id())) {
      String html = it.get(page).body();
      assertThat(html).contains("&lt;script").doesNotContain("<script>alert", "<b>../");
    }
    assertThat(Files.readString(it.server.pageFile(run.id()))).doesNotContain("<script>alert");
  }

  @Test
  void aMessageOfAMegabyteAndLatin1AreShown() throws Exception {
    Submission tip = it.submission("tip");
    String message = "caf\u00e9 " + "x".repeat(1 << 20);
    Run run =
        it.awaitEnd(
            it.submit(
                new Submission(tip.bundle(), tip.node(), "b", "u", message, List.of("--long"))));
    assertThat(run.message()).isEqualTo(message);
    assertThat(it.get("/runs/" + run.id()).body()).contains("caf\u00e9 xxx");
    byte[] latin1 = new String(changed("message", "caf\u00e9"), UTF_8).getBytes(ISO_8859_1);
    assertThat(it.post(ServerUnderTest.INVOKE, latin1).body()).contains("not in UTF-8");
  }

  @Test
  void flagsReachRunTestsAsTheyAreAndNoShell() throws Exception {
    List<String> flags =
        List.of("--user", "a b", "$(touch x)", ";id", "", "-c", "--", "*", "--config=\n", "'\"\\");
    Run run = it.test(flags.toArray(String[]::new));
    String argv = it.log(run).lines().filter(l -> l.startsWith("argv: ")).findFirst().orElseThrow();
    List<?> seen = new Gson().fromJson(argv.substring("argv: ".length()), List.class);
    assertThat(seen.subList(1, seen.size())).isEqualTo(flags);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os.unlink(report); os.symlink('%s', report)",
        "d = os.path.dirname(report); os.rename(d, d + 2 * 'x'); os.symlink('%s', d)",
        "os.unlink(report); os.mkfifo(report)",
        "os.unlink(report); os.mkdir(report)",
      })
  void aReportThatIsNotWhatItShouldBeIsNotRead(String code) throws Exception {
    Path secret = temp.resolve("report.xml"); // a link to the file itself, or to its folder
    Files.writeString(secret, "<testsuite><testcase name='test-secret.t'/></testsuite>");
    Path target = code.contains("rename") ? temp : secret;
    Run run = it.test("--do=" + code.formatted(target));
    assertThat(run.exitCode()).isZero();
    assertThat(run.counts()).isNull();
    assertThat(it.get("/runs/" + run.id()).body()).doesNotContain("test-secret.t</");
    assertThat(it.workParent).isEmptyDirectory();
    assertThat(secret).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open(report, 'w').write('<testsuite><testcase')",
        "open(report, 'w').write('<!DOCTYPE x [<!ENTITY e SYSTEM \"/etc/passwd\">]><x>&e;</x>')",
        "open(report, 'w').truncate(1 << 30)",
      })
  void aReportThatCannotBeReadDoesNotTakeTheVerdict(String code) throws Exception {
    Run run = it.test("--do=" + code, "--exit=7");
    assertThat(run.exitCode()).isEqualTo(7);
    assertThat(run.status()).isEqualTo(RunStatus.FAILED);
    assertThat(run.counts()).isNull();
    assertThat(it.log(run)).contains("[hgauto] the report of run-tests.py ");
  }

  @Test
  void aLogWithoutEndIsCutOff() throws Exception {
    Run run = it.test("--do=[sys.stdout.write('x' * (1 << 20) + chr(10)) for i in range(70)]");
    assertThat(run.status()).isEqualTo(RunStatus.PASSED);
    assertThat(Files.size(it.folder.resolve("runs/" + run.id() + "/log.txt")))
        .isLessThan(RunLog.MOST_BYTES + 1000);
    assertThat(it.get("/runs/" + run.id()).body()).contains("the log is longer than 64 MiB");
  }

  @Test
  void theJobGetsNothingOfOurEnvironment() throws Exception {
    Run run = it.test("--do=print('env: ' + json.dumps(dict(os.environ)))");
    String env = it.log(run).lines().filter(l -> l.startsWith("env: ")).findFirst().orElseThrow();
    JsonObject variables = new Gson().fromJson(env.substring(5), JsonObject.class);
    assertThat(variables.keySet())
        .containsExactlyInAnyOrder("PATH", "HOME", "TMPDIR", "LANG", "SHELL", "HGTEST_JOBS");
    assertThat(variables.get("HOME").getAsString())
        .startsWith(it.workParent.toRealPath().resolve("hgauto-try-" + run.id()).toString());
  }

  @Test
  void theLogCanBeFollowedWhileItIsWritten() throws Exception {
    Path go = temp.resolve("go");
    URI run =
        it.submit(
            "--do=print('waiting', flush=True)",
            "--do=while not os.path.exists('" + go + "'): time.sleep(0.05)",
            "--do=print('went on')");
    String log = run.getPath() + "/log";
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> it.get(log).body().contains("waiting"));
    assertThat(RunJson.read(it.get(run.getPath() + ".json").body()).status())
        .isEqualTo(RunStatus.RUNNING);
    CompletableFuture<String> followed =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return it.get(log + "?follow").body();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    Files.createFile(go);
    String all = followed.join();
    assertThat(all).contains("waiting\nwent on\n");
    assertThat(it.get(log + "?follow&from=10").body()).isEqualTo(all.substring(10));
    assertThat(it.get(log + "?from=" + all.length()).body()).isEmpty();
    assertThat(it.get(log + "?from=999999999999999999").body()).isEmpty();
    assertThat(it.get(log + "?from=-1").body()).isEqualTo(all);
    assertThat(it.awaitEnd(run).status()).isEqualTo(RunStatus.PASSED);
  }
}
