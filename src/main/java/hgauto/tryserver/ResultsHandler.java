package hgauto.tryserver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * Shows the results: {@code /} and {@code /runs.json} list them, {@code /runs/ID} and {@code
 * /runs/ID.json} show one, {@code /runs/ID/log} is its log and {@code /runs/ID/build} that of its
 * build; with {@code ?follow} the log goes on until the run ends, and {@code from=N} leaves out the
 * first N bytes.
 */
final class ResultsHandler extends Handler.Abstract {
  private static final Pattern RUN =
      Pattern.compile("/runs/(?<id>[1-9][0-9]{0,17})(?<rest>|\\.json|/log|/build)");

  private final RunStore store;
  private final RunQueue queue;
  private final Pages pages;
  private final Access access;

  ResultsHandler(RunStore store, RunQueue queue, Pages pages, Access access) {
    this.store = store;
    this.queue = queue;
    this.pages = pages;
    this.access = access;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put("Content-Security-Policy", Pages.contentSecurityPolicy());
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    if (!access.allows(request)) {
      return send(response, callback, 403, "text/plain", access.refusal() + "\n");
    }
    if (access.movesToken(request, response)) {
      callback.succeeded();
      return true;
    }
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      return send(response, callback, 405, "text/plain", "Only GET is known here.\n");
    }
    String path = Request.getPathInContext(request);
    if (path.equals("/")) {
      return send(response, callback, 200, "text/html", pages.runs(queue.list()));
    }
    if (path.equals("/runs.json")) {
      return send(response, callback, 200, "application/json", RunJson.write(queue.list()));
    }
    Matcher matcher = RUN.matcher(path);
    Optional<Run> run =
        matcher.matches() ? queue.find(Long.parseLong(matcher.group("id"))) : Optional.empty();
    if (run.isEmpty()) {
      return send(response, callback, 404, "text/html", pages.notFound());
    }
    return switch (matcher.group("rest")) {
      case "/log" ->
          sendLog(
              request,
              response,
              callback,
              store.logFile(run.get().id()),
              queue.liveLog(run.get().id()));
      case "/build" ->
          sendLog(
              request, response, callback, store.buildLogFile(run.get().id()), Optional.empty());
      case ".json" ->
          send(
              response,
              callback,
              200,
              "application/json",
              RunJson.write(run.get(), store.tests(run.get().id())));
      default -> send(response, callback, 200, "text/html", pages.run(page(run.get())));
    };
  }

  private RunPage page(Run run) throws IOException {
    return new RunPage(run, store.tests(run.id()), store.logTail(run.id()), false);
  }

  private static boolean sendLog(
      Request request, Response response, Callback callback, Path file, Optional<RunLog> live)
      throws IOException, InterruptedException {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    Fields query = Request.extractQueryParameters(request);
    long from = from(query);
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      if (live.isPresent() && query.get("follow") != null) {
        live.get().follow(from, out);
      } else {
        copy(file, from, out);
      }
    }
    callback.succeeded();
    return true;
  }

  private static void copy(Path log, long from, OutputStream out) throws IOException {
    if (Files.exists(log)) {
      try (var in = Files.newInputStream(log)) {
        in.skipNBytes(Math.min(from, Files.size(log)));
        in.transferTo(out);
      }
    }
  }

  private static long from(Fields query) {
    String from = query.getValue("from");
    return from != null && from.matches("[0-9]{1,18}") ? Long.parseLong(from) : 0;
  }

  private static boolean send(
      Response response, Callback callback, int status, String type, String text) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type + "; charset=utf-8");
    response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
    return true;
  }
}
