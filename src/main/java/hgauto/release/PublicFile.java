package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.state.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A file that anybody can download, by HTTP. */
public final class PublicFile {
  /** How long a server may say nothing; an index that is busy takes its time. */
  static final Duration SILENCE = Duration.ofMinutes(1);

  /** How many bytes have to come in that time, once there is an answer: about 1 KiB a second. */
  private static final int LEAST = 60 << 10;

  private PublicFile() {}

  /**
   * Downloads it, and keeps nothing but its hash.
   *
   * @return 64 hexadecimal digits, lower case; empty if the server has no such file
   * @throws EnvironmentException if the server does not answer with the whole of it
   */
  public static Optional<String> sha256(URI url) {
    return get(url, "*/*", SILENCE, answer -> Sha256.of(answer.content()));
  }

  /**
   * Refuses what cannot be the address of a folder with such files.
   *
   * @throws UsageException if so
   */
  public static void checkFolder(URI url) {
    if (!isOfServer(url)
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      throw new UsageException(
          "that is not the address of a public folder"
              + (url.getHost() == null ? ": " + shown(url.toString()) : ", at " + url.getHost()),
          "it does not begin with https:// or http:// and a host, or has more than a path after that",
          "Name the folder as visitors do, such as " + Site.PUBLIC + ".");
    }
  }

  /** An address, or what was to be one, as it may be told: without user and password. */
  public static String shown(String url) {
    return url.replaceFirst("(?s)^(\\w+://)?.*@", "$1…@");
  }

  /** Whether it is the address of a server of the web. */
  static boolean isOfServer(URI url) {
    return ("https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme()))
        && url.getHost() != null;
  }

  /** What a server answered with; the content is closed by whoever asked. */
  record Answer(URI url, String type, InputStream content) {}

  /** What is made of an answer. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Answer answer) throws IOException;
  }

  /** Counts what is read, for who looks on. */
  private static final class Counted extends FilterInputStream {
    private final AtomicLong bytes = new AtomicLong();

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      bytes.addAndGet(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      bytes.addAndGet(Math.max(read, 0));
      return read;
    }
  }

  /** Is made when it is used. */
  private static final class Shared {
    static final HttpClient CLIENT = client(ProxySelector.getDefault());
  }

  static HttpClient client(ProxySelector proxies) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NORMAL)
        .proxy(proxies)
        .build();
  }

  /**
   * Asks for it; redirections are followed, but not from https to http.
   *
   * @param accept the types that will do, as HTTP's header names them
   * @param silence how long the server may say nothing before its answer, or too little in it
   * @return empty if the server has no such file (404)
   */
  static <T> Optional<T> get(URI url, String accept, Duration silence, Reader<T> reader) {
    return get(Shared.CLIENT, url, accept, silence, reader);
  }

  /** The same by a client of one's own. */
  static <T> Optional<T> get(
      HttpClient client, URI url, String accept, Duration silence, Reader<T> reader) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(url)
              .header("Accept", accept)
              .header("Cache-Control", "no-cache")
              .build();
      HttpResponse<InputStream> response = answer(client, request, silence);
      try (Counted content = new Counted(response.body())) {
        if (response.statusCode() == HttpURLConnection.HTTP_NOT_FOUND) {
          return Optional.empty();
        }
        if (response.statusCode() != HttpURLConnection.HTTP_OK) {
          throw new IOException("the server answers with HTTP status " + response.statusCode());
        }
        return Optional.of(read(response, content, silence, reader));
      }
    } catch (IOException | IllegalArgumentException e) { // an address that is none, here or in it
      throw new EnvironmentException(
          "cannot read " + url,
          (e instanceof IOException io ? reason(io) : String.valueOf(e.getMessage()))
              + through(client, url),
          "Look whether its server is well, and try again.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("cannot read " + url, "interrupted", "Try again.", e);
    }
  }

  private static HttpResponse<InputStream> answer(
      HttpClient http, HttpRequest request, Duration silence)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<InputStream>> asked =
        http.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      return asked.get(silence.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("it timed out: no answer came within " + shown(silence), e);
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      asked.cancel(true);
    }
  }

  /** Reads in another thread, for a server that sends a byte now and then would keep this one. */
  private static <T> T read(
      HttpResponse<InputStream> response, Counted content, Duration silence, Reader<T> reader)
      throws IOException, InterruptedException {
    String type = response.headers().firstValue("Content-Type").orElse("");
    FutureTask<T> reading =
        new FutureTask<>(() -> reader.read(new Answer(response.uri(), type, content)));
    Thread thread = new Thread(reading, "download");
    thread.setDaemon(true);
    thread.start();
    try {
      for (long before = 0; ; before = content.bytes.get()) {
        try {
          return reading.get(silence.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          long more = content.bytes.get() - before;
          if (more < LEAST) {
            throw new IOException(
                "it timed out: only " + more + " bytes came within " + shown(silence), e);
          }
        }
      }
    } catch (ExecutionException e) {
      long length = response.headers().firstValueAsLong("Content-Length").orElse(0);
      if (content.bytes.get() < length) {
        throw new IOException("only " + content.bytes + " bytes came, of " + length, e);
      }
      throw failure(e);
    } finally {
      reading.cancel(true);
    }
  }

  private static String shown(Duration time) {
    return time.toSeconds() + " s";
  }

  private static IOException failure(ExecutionException e) {
    if (e.getCause() instanceof UncheckedIOException failure) { // a redirection to nowhere is one
      return failure.getCause();
    }
    if (e.getCause() instanceof RuntimeException failure) {
      throw failure;
    }
    if (e.getCause() instanceof Error failure) {
      throw failure;
    }
    return e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
  }

  /** Java's client does not say in words why it cannot connect. */
  private static String reason(IOException e) {
    if (e instanceof ConnectException && e.getMessage() == null) {
      boolean isUnknown =
          Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
              .anyMatch(UnresolvedAddressException.class::isInstance);
      return isUnknown ? "there is no host of that name" : "the connection is refused";
    }
    return Reason.of(e);
  }

  private static String through(HttpClient client, URI url) {
    return client.proxy().stream()
        .flatMap(proxies -> isOfServer(url) ? proxies.select(url).stream() : Stream.empty())
        .filter(proxy -> proxy.address() != null)
        .map(proxy -> ", by way of the proxy at " + proxy.address())
        .collect(Collectors.joining());
  }
}
