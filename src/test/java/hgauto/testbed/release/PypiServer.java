package hgauto.testbed.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hgauto.testbed.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * An index of Python packages on this machine: pypiserver, which wants a password for uploads,
 * behind a small proxy that can go wrong as an index on the internet does.
 */
public final class PypiServer implements AutoCloseable {
  private static final String USER = "publisher";
  private static final String PASSWORD = "correct horse";

  /** What these are is between two servers, not between client and server. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "upgrade",
          "http2-settings",
          "content-length",
          "transfer-encoding",
          "host",
          "date",
          "expect");

  /** What happens to an upload instead of what should. */
  private enum Fault {
    /** It is refused with {@link #status}. */
    REFUSED,
    /** It is taken, and the connection ends before the answer. */
    ANSWER_LOST
  }

  private final Process pypiserver;
  private final URI behind;
  private final HttpServer proxy;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path packages;
  private final AtomicInteger uploads = new AtomicInteger();

  private final AtomicInteger looks = new AtomicInteger();

  /** How many looks after uploads still find the page as it was. */
  private final AtomicInteger late = new AtomicInteger();

  private volatile HttpResponse<byte[]> pageBefore;

  private volatile int healthyUploads = Integer.MAX_VALUE;
  private volatile Fault fault = Fault.REFUSED;
  private volatile int status;
  private volatile BooleanSupplier before = () -> true;
  private volatile Runnable after = () -> {};
  private volatile Runnable whenAsked = () -> {};
  private volatile Runnable whenLookedAt = () -> {};

  private PypiServer(Process pypiserver, int port, Path packages) throws IOException {
    this.pypiserver = pypiserver;
    this.behind = URI.create("http://127.0.0.1:" + port);
    this.packages = packages;
    this.proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(threads);
    proxy.createContext("/", this::pass);
    proxy.start();
  }

  /**
   * Starts one that has no packages; skips the test where the environment with pypiserver is
   * missing.
   *
   * @param folder for what it needs, which is made; the caller removes it
   */
  public static PypiServer start(Path folder) throws IOException {
    Path packages = Files.createDirectories(folder.resolve("packages"));
    Process process =
        new ProcessBuilder(
                Requires.env("HGAUTO_TESTBED_PYTHON"),
                TestbedFiles.path("pypi_server.py").toString(),
                packages.toString(),
                folder.resolve("htpasswd").toString(),
                USER,
                PASSWORD)
            .redirectError(folder.resolve("pypiserver.log").toFile())
            .start();
    BufferedReader says = process.inputReader();
    String port = says.readLine();
    if (port == null) {
      throw new IOException(Files.readString(folder.resolve("pypiserver.log")));
    }
    return new PypiServer(process, Integer.parseInt(port), packages);
  }

  /** Where twine uploads to; the simple API is in {@code simple/} below. */
  public URI upload() {
    return URI.create("http://127.0.0.1:" + proxy.getAddress().getPort() + "/");
  }

  /** What lets twine upload. */
  public Map<String, String> credentials() {
    return Map.of("TWINE_USERNAME", USER, "TWINE_PASSWORD", PASSWORD);
  }

  /** The same in a {@code .pypirc}, in a section that is about this server. */
  public String pypirc() {
    return "[distutils]\nindex-servers =\n    pypi\n    rehearsal\n\n[rehearsal]\nrepository = %s\nusername = %s\npassword = %s\n"
        .formatted(upload(), USER, PASSWORD);
  }

  /** The names of the packages that it has. */
  public List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(packages)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The folder with them. */
  public Path packages() {
    return packages;
  }

  /** How many uploads have come, whatever became of them. */
  public int uploads() {
    return uploads.get();
  }

  /** From now on it takes so many uploads more, and answers those after them with that status. */
  public void refuseUploads(int after, int withStatus) {
    status = withStatus;
    fault = Fault.REFUSED;
    healthyUploads = uploads.get() + after;
  }

  /** From now on it answers so many uploads more, and takes those after them without a word. */
  public void loseAnswers(int after) {
    fault = Fault.ANSWER_LOST;
    healthyUploads = uploads.get() + after;
  }

  /** How many looks at its page there were. */
  public int looks() {
    return looks.get();
  }

  /** After uploads, so many looks at its page find it as it was before them. */
  public void showLate(int looksThatFindNothingNew) {
    late.set(looksThatFindNothingNew);
  }

  /**
   * Has something done in each upload before it is taken: here a test may kill the client.
   *
   * @param action tells whether the upload is to be taken
   */
  public void whenUploading(BooleanSupplier action) {
    before = action;
  }

  /** The same once it is taken, before the answer. */
  public void whenTaken(Runnable action) {
    after = action;
  }

  /** Has something done when it is asked whether it knows a person. */
  public void whenAskedForAPerson(Runnable action) {
    whenAsked = action;
  }

  /** Has something done at each look at its page, once that is counted, before the answer. */
  public void whenLookedAt(Runnable action) {
    whenLookedAt = action;
  }

  /** It is well again. */
  public void recover() {
    healthyUploads = Integer.MAX_VALUE;
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean upload = isUpload(exchange);
      if (!upload && exchange.getRequestMethod().equals("POST")) {
        whenAsked.run();
      }
      boolean faulty = upload && uploads.incrementAndGet() > healthyUploads;
      if (upload && !before.getAsBoolean()) {
        return; // closed without an answer
      }
      if (faulty && fault == Fault.REFUSED) {
        answer(exchange, status, "the test wants it so".getBytes(UTF_8));
        return;
      }
      HttpResponse<byte[]> answer = ask(exchange, body);
      if (exchange.getRequestURI().getPath().startsWith("/simple/")) {
        answer = page(answer);
      }
      if (upload) {
        after.run();
      }
      if (faulty) {
        return; // closed without an answer
      }
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                  exchange.getResponseHeaders().put(name, values);
                }
              });
      answer(exchange, answer.statusCode(), answer.body());
    }
  }

  /** Whether a file is in it; a form without one only finds out whether it would be taken. */
  private static boolean isUpload(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("POST")
        && exchange.getRequestHeaders().getFirst("Content-Type").startsWith("multipart/");
  }

  /** What a look at its page gets. */
  private HttpResponse<byte[]> page(HttpResponse<byte[]> now) {
    looks.incrementAndGet();
    whenLookedAt.run();
    if (uploads.get() == 0) {
      pageBefore = now;
    }
    return uploads.get() > 0 && late.getAndUpdate(left -> Math.max(0, left - 1)) > 0
        ? pageBefore
        : now;
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private HttpResponse<byte[]> ask(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Ends it; from then on nobody answers at its address. */
  @Override
  public void close() {
    proxy.stop(0);
    threads.shutdownNow();
    pypiserver.destroy();
    pypiserver.onExit().join();
  }
}
