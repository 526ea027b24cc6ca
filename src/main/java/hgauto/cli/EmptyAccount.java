package hgauto.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** Stands in for AWS in {@link Training}, on a loopback port: an account with nothing in it. */
final class EmptyAccount implements AutoCloseable {
  /** What EC2 lists is left out, and there is nothing else that these calls ask for. */
  private static final String NOTHING =
      "<Response><GetCallerIdentityResult><Account>123456789012</Account>"
          + "<Arn>arn:aws:iam::123456789012:user/training</Arn></GetCallerIdentityResult></Response>";

  private static final String UNKNOWN =
      "<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>";

  private static final String IAM = "Version=2010-05-08";

  private final HttpServer server;

  EmptyAccount() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", EmptyAccount::answer);
    server.start();
  }

  URI root() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    boolean iam = asked.contains(IAM);
    byte[] answer = (iam ? UNKNOWN : NOTHING).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml");
    exchange.sendResponseHeaders(iam ? 404 : 200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
