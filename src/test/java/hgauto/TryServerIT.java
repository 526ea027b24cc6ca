package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.HgautoProgram.Running;
import hgauto.testbed.Processes;
import hgauto.testbed.Requires;
import hgauto.testbed.StandInSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code hgauto try-server} as a person runs it, and the clients that it was made for. */
@Timeout(600)
class TryServerIT {
  @TempDir private Path temp;
  private final String marker = "marker-" + UUID.randomUUID();
  private HgautoProgram hgauto;
  private HgRepository source;
  private Running server;
  private String address;

  @BeforeEach
  void setUp() throws IOException {
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    hgauto.with(
        "AWS_SHARED_CREDENTIALS_FILE", hgauto.state().resolve("try/credentials").toString());
    source = StandInSource.create(temp.resolve("source"));
    source.write("file", "draft\n").commit("the draft");
    startServer("127.0.0.1:0");
  }

  private void startServer(String listen) throws IOException {
    server = hgauto.start(source.root(), "try-server", "--listen", listen);
    patiently().until(() -> server.out().endsWith("\n"));
    address = server.out().strip().replace("Try Server at ", "");
  }

  /** What starts here are a JVM, Mercurial, and a run of tests. */
  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofMinutes(1));
  }

  @AfterEach
  void stopServer() throws Exception {
    assertThat(server.signal("TERM").end().exitCode()).isEqualTo(143);
    assertThat(Processes.with(marker)).isEmpty();
    assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
  }

  private Result tryIt(String... arguments) throws Exception {
    return startTry(arguments).end();
  }

  private Running startTry(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("try", "--server", address));
    all.addAll(List.of(arguments));
    return hgauto.start(source.root(), all.toArray(String[]::new));
  }

  private String get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address).resolve(path)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void aSubmissionIsFollowedToItsVerdict() throws Exception {
    Result passed = tryIt();
    assertThat(passed.out())
        .contains("remote: run 1 of changeset ", "remote: results: " + address + "runs/1\n")
        .contains("argv: [", "verdict: PASSED: 1 passed")
        .endsWith("results: " + address + "runs/1\n");
    assertThat(passed.exitCode()).isZero();

    Result failed = tryIt("--", "--fail=test-bad.t", "--exit=80");
    assertThat(failed.out()).contains("verdict: FAILED: 1 failed, 1 passed", "failed: test-bad.t");
    assertThat(failed.exitCode()).isEqualTo(80);

    Result submitted = tryIt("--no-wait", "--json", "--", "--fail=test-bad.t");
    assertThat(submitted.exitCode()).isZero();
    assertThat(
            JsonParser.parseString(submitted.out()).getAsJsonObject().get("results").getAsString())
        .isEqualTo(address + "runs/3");

    hgauto.with("AWS_SECRET_ACCESS_KEY", "wrong").with("AWS_ACCESS_KEY_ID", "AKIAX");
    Result refused = tryIt();
    assertThat(refused.err()).contains("error: ", "The access key is not known here.");
    assertThat(refused.exitCode()).isEqualTo(3);
  }

  @Test
  void interruptingTheClientLeavesTheRun() throws Exception {
    Path go = temp.resolve("go");
    try (Running client =
        startTry("--", "--do=while not os.path.exists('" + go + "'): time.sleep(.1) # " + marker)) {
      patiently().until(() -> client.out().contains("argv: "));
      Result result = client.signal("INT").end();
      assertThat(result.exitCode()).isEqualTo(130);
      assertThat(result.err()).endsWith("interrupted: the run goes on at " + address + "runs/1\n");
    }
    Files.createFile(go);
    patiently().until(() -> get("/runs/1.json").contains("\"status\": \"passed\""));
  }

  @Test
  void aServerThatIsKilledLeavesNoProcessAndTellsOfTheRunWhenItIsBack() throws Exception {
    tryIt();
    Running client = startTry("--", StandInSource.lasting(marker));
    Processes.awaitStart("time.sleep(1000) " + marker);
    server.signal("KILL").end();
    client.close();
    client.end();
    Processes.awaitEnd(marker);
    startServer("127.0.0.1:0");
    assertThat(get("/runs/1.json")).contains("\"status\": \"passed\"");
    assertThat(get("/runs/2.json"))
        .contains("\"status\": \"interrupted\"", "the server died while the run was under way");
    assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
    assertThat(tryIt().out()).contains("verdict: PASSED", "runs/3");
  }

  @Test
  void beyondLoopbackItSaysWhatThatMeansAndKeepsTheTokenOutOfTheLog() throws Exception {
    assertThat(server.signal("TERM").end().exitCode()).isEqualTo(143);
    startServer("0.0.0.0:0");
    String token = Files.readString(hgauto.state().resolve("try/token"));
    assertThat(server.out()).endsWith("/?token=" + token + "\n");
    address = address.replaceFirst("0.0.0.0", "127.0.0.1").replaceFirst("/\\?.*", "/");
    Result result = tryIt("--", "--fail=test-bad.t");
    assertThat(result.out()).contains("/runs/1?token=" + token, "verdict: FAILED", "test-bad.t");
    assertThat(server.err())
        .contains("warning: this server can be reached from other machines. A submission is code")
        .contains("--job-user NAME runs it as another");
    try (Stream<Path> logs = Files.list(hgauto.state().resolve("logs"))) {
      assertThat(logs).hasSize(3).allSatisfy(l -> assertThat(l).content().doesNotContain(token));
    }
  }

  /** As automation.py does it, with the endpoint in the environment. */
  private static final String OLD_CLIENT =
      """
      import base64, boto3, json, sys
      from botocore.exceptions import ClientError
      bundle, node, endpoint = sys.argv[1:]
      payload = json.dumps({
          'bundle': base64.b64encode(open(bundle, 'rb').read()).decode('latin1'),
          'node': node, 'branch': 'default', 'user': 'Ann', 'message': 'caf\\u00e9'}).encode()
      client = boto3.client('lambda', region_name='us-west-2', endpoint_url=endpoint)
      def invoke():
          return client.invoke(FunctionName='ci-try-server-upload',
                               InvocationType='RequestResponse', Payload=payload)
      for message in json.load(invoke()['Payload']):
          print('remote: %s' % message)
      def change(request, **kwargs):
          request.body = request.body.replace(b'Ann', b'Eve')
      client.meta.events.register('before-send.lambda.Invoke', change)
      try:
          invoke()
      except ClientError as e:
          print('changed:', e.response['Error']['Code'])
      """;

  @Test
  void botocoreCanSubmit() throws Exception {
    String python = Requires.env("HGAUTO_TESTBED_PYTHON");
    Result result =
        hgauto
            .startOther(
                temp, python, List.of("-c", OLD_CLIENT, bundle(), source.node("."), address))
            .end();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            "remote: run 1 of changeset %s is queued\nremote: results: %sruns/1\n"
                    .formatted(source.node(".").substring(0, 12), address)
                + "changed: InvalidSignatureException\n");
    patiently().until(() -> get("/runs/1.json").contains("\"status\": \"passed\""));
    assertThat(get("/runs.json")).doesNotContain("Eve");
  }

  private String bundle() {
    Path file = temp.resolve("bundle.hg");
    source.hg("bundle", "--type=gzip-v2", "--base=public()", "--rev=.", file.toString());
    return file.toString();
  }

  @Test
  void curlCanSubmit() throws Exception {
    String curl = Requires.program("curl").toString();
    Path body = temp.resolve("body.json");
    String bundle = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(bundle())));
    Files.writeString(
        body,
        "{\"bundle\": \"%s\", \"node\": \"%s\", \"branch\": \"b\", \"user\": \"u\", \"message\": \"m\"}"
            .formatted(bundle, source.node(".")));
    List<String> credentials = Files.readAllLines(hgauto.state().resolve("try/credentials"));
    String key =
        value(credentials, "aws_access_key_id") + ":" + value(credentials, "aws_secret_access_key");
    for (String user : List.of(key, key + "x")) {
      Result result =
          hgauto
              .startOther(
                  temp,
                  curl,
                  List.of(
                      "--silent",
                      "--show-error",
                      "--aws-sigv4",
                      "aws:amz:us-west-2:lambda",
                      "--user",
                      user,
                      "--header",
                      "Content-Type: application/json",
                      "--data-binary",
                      "@" + body,
                      address + "2015-03-31/functions/ci-try-server-upload/invocations"))
              .end();
      assertThat(result.out())
          .as(result.err())
          .contains(user.equals(key) ? "results: " + address : "signature does not match");
    }
  }

  private static String value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf('=') + 1).strip())
        .findFirst()
        .orElseThrow();
  }
}
