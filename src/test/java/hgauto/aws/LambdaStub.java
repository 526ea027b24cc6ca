package hgauto.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.core.SdkBytes;

/** An HTTP server on a loopback port that keeps what it is sent and answers as it is told. */
final class LambdaStub implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  /** A request: what a signature covers, and the body. */
  record Received(SignedRequest request, SdkBytes body) {}

  /** How to answer, once the request has been read. */
  interface Answering {
    /** Sends the answer, or leaves it. */
    void to(HttpExchange exchange, Received request) throws IOException;
  }

  LambdaStub(Answering answering) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          URI uri = exchange.getRequestURI();
          Received request =
              new Received(
                  new SignedRequest(
                      exchange.getRequestMethod(),
                      uri.getRawPath(),
                      uri.getRawQuery(),
                      exchange.getRequestHeaders()),
                  SdkBytes.fromInputStream(exchange.getRequestBody()));
          received.add(request);
          answering.to(exchange, request);
          exchange.close();
        });
    server.start();
  }

  /** One that always answers the same. */
  static LambdaStub answering(int status, Map<String, String> headers, String body) {
    return new LambdaStub((exchange, request) -> send(exchange, status, headers, body));
  }

  /** One that answers as Lambda does when it refuses a request. */
  static LambdaStub refusing(int status, String code) {
    return answering(
        status,
        Map.of("x-amzn-ErrorType", code, "x-amzn-RequestId", "request-1"),
        "{\"message\": \"so it is\"}");
  }

  static void send(HttpExchange exchange, int status, Map<String, String> headers, String body)
      throws IOException {
    headers.forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What has been received so far, in order. */
  Deque<Received> received() {
    return new ArrayDeque<>(received);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
