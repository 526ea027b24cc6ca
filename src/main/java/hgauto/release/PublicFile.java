package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A file that anybody can download, by HTTP. */
public final class PublicFile {
  /** How long a server may say nothing; an index that is busy takes its time. */
  static final Duration SILENCE = Duration.ofMinutes(1);

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

  /** What a server answered with; the content is closed by whoever asked. */
  record Answer(URI url, String type, InputStream content) {}

  /** What is made of an answer. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Answer answer) throws IOException;
  }

  /**
   * Asks for it; redirections are followed.
   *
   * @param accept the types that will do, as HTTP's header names them
   * @param silence how long the server may say nothing, before its answer or in it
   * @return empty if the server has no such file (404)
   */
  static <T> Optional<T> get(URI url, String accept, Duration silence, Reader<T> reader) {
    try {
      HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
      connection.setConnectTimeout(Math.toIntExact(silence.toMillis()));
      connection.setReadTimeout(Math.toIntExact(silence.toMillis()));
      connection.setUseCaches(false);
      connection.setRequestProperty("Accept", accept);
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException("the server answers with HTTP status " + status);
      }
      try (InputStream content = connection.getInputStream()) {
        return Optional.of(
            reader.read(
                new Answer(
                    URI.create(connection.getURL().toString()),
                    String.valueOf(connection.getContentType()),
                    content)));
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot read " + url, Reason.of(e), "Look whether its server is well, and try again.", e);
    }
  }
}
