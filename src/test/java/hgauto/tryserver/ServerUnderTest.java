package hgauto.tryserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.aws.AccessKey;
import hgauto.aws.Account;
import hgauto.aws.LambdaFunction;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.testbed.HgRepository;
import hgauto.testbed.StandInSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A real Try Server on a small repository, with its clients. */
final class ServerUnderTest implements AutoCloseable {
  static final String INVOKE = "/2015-03-31/functions/ci-try-server-upload/invocations";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  final HgRepository source;
  final Path folder;
  final Path workParent;
  TryServer server;

  /** Starts a server with all it needs in a new folder. */
  static ServerUnderTest start(Path temp) throws IOException {
    ServerUnderTest made = new ServerUnderTest(temp);
    made.server = made.start(InetAddress.getLoopbackAddress(), Optional.empty());
    return made;
  }

  ServerUnderTest(Path temp) throws IOException {
    source = StandInSource.create(temp.resolve("source"));
    source.write("file", "draft\n").commit("the draft");
    folder = Files.createDirectory(temp.resolve("state"));
    workParent = Files.createDirectory(temp.resolve("work"));
  }

  TryServer start(InetAddress address, Optional<String> jobUser) {
    return start(address, jobUser, Duration.ofMinutes(1));
  }

  TryServer start(InetAddress address, Optional<String> jobUser, Duration timeLimit) {
    Hg hg = new Hg("hg").withoutUserConfig();
    JobSettings here = JobSettings.here(jobUser, timeLimit, System.getenv());
    return TryServer.forCheckout(
        new TryServer.Settings(
            new InetSocketAddress(address, 0),
            folder,
            new JobSettings(jobUser, timeLimit, here.path(), workParent),
            100),
        hg,
        Checkout.find(source.root(), hg));
  }

  /** A submission of a changeset of the source, as {@code hgauto try} makes it. */
  Submission submission(String revision, String... flags) {
    Checkout checkout = Checkout.find(source.root(), new Hg("hg").withoutUserConfig());
    Changeset changeset = checkout.resolve(revision);
    return new Submission(
        checkout.bundle(changeset),
        changeset.node(),
        changeset.branch(),
        changeset.user(),
        changeset.description(),
        List.of(flags));
  }

  /** Submits the tip as the client does, and returns the run's address. */
  URI submit(String... flags) {
    return submit(submission("tip", flags));
  }

  URI submit(Submission submission) {
    return new LambdaFunction(
            Account.withCredentials(server.accessKey()), TryServer.FUNCTION, server.root())
        .invoke(submission.toJson())
        .run();
  }

  /** Waits for the run's end. */
  Run awaitEnd(URI run, String... headers) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> RunJson.read(get(run.getPath() + ".json", headers).body()),
            r -> r.status().isFinal());
  }

  /** Submits the tip and waits for the run's end. */
  Run test(String... flags) {
    return awaitEnd(submit(flags));
  }

  /** The whole log of a run. */
  String log(Run run) throws IOException, InterruptedException {
    return get("/runs/" + run.id() + "/log").body();
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.root().resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The headers of an invocation, signed. */
  Map<String, List<String>> sign(String path, byte[] body, AccessKey key, Clock clock) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(server.root().resolve(path))
            .putHeader("Content-Type", "application/json")
            .build();
    Map<String, List<String>> headers =
        new HashMap<>(
            AwsV4HttpSigner.create()
                .sign(
                    r ->
                        r.identity(AwsCredentialsIdentity.create(key.id(), key.secret()))
                            .request(request)
                            .payload(ContentStreamProvider.fromByteArray(body))
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "lambda")
                            .putProperty(AwsV4HttpSigner.REGION_NAME, "us-west-2")
                            .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, clock))
                .request()
                .headers());
    headers.remove("Host"); // the client's own business
    return headers;
  }

  /** Posts a body with these headers and these besides. */
  HttpResponse<String> post(
      String path, Map<String, List<String>> headers, byte[] body, String... more)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.root().resolve(path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    for (int i = 0; i < more.length; i += 2) {
      request.setHeader(more[i], more[i + 1]);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Posts a body without saying how long it is. */
  HttpResponse<String> postChunked(Map<String, List<String>> headers, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.root().resolve(INVOKE))
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Signs and posts as a client would that knows the credentials. */
  HttpResponse<String> post(String path, byte[] body, String... more)
      throws IOException, InterruptedException {
    return post(path, sign(path, body, server.accessKey(), Clock.systemUTC()), body, more);
  }

  /** Sends these bytes, and returns what comes until the server closes the connection. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(server.root().getHost(), server.root().getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
