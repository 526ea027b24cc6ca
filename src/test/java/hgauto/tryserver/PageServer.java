package hgauto.tryserver;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/** Serves given pages on a loopback port, and a log that grows as the test says. */
final class PageServer extends Handler.Abstract {
  private static final String END = "";

  /** What there is to see, by path. */
  final Map<String, String> pages = new ConcurrentHashMap<>();

  private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
  private final Server server;

  PageServer() throws Exception {
    server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(this);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getURI().getPort() + path;
  }

  void log(String text) {
    log.add(text);
  }

  void endLog() {
    log.add(END);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    boolean follow = "follow".equals(request.getHttpURI().getQuery());
    String page = pages.get(path);
    response.getHeaders().put("Content-Security-Policy", Pages.contentSecurityPolicy());
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response
        .getHeaders()
        .put("Content-Type", (follow ? "text/plain" : "text/html") + "; charset=utf-8");
    response.setStatus(follow || page != null ? 200 : 404);
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      if (follow) {
        stream(out);
      } else if (page != null) {
        out.write(page.getBytes(StandardCharsets.UTF_8));
      }
    }
    callback.succeeded();
    return true;
  }

  private void stream(OutputStream out) throws Exception {
    for (String text = next(); !text.equals(END); text = next()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private String next() throws InterruptedException {
    String text = log.poll(30, TimeUnit.SECONDS);
    return text == null ? END : text;
  }

  /** Ends the log too. */
  void shutDown() throws Exception {
    endLog();
    server.stop();
  }
}
