package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.state.Reason;
import java.io.FilterInputStream;
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
              + (url.getHost() == null ? ": " + url : ", at " + url.getHost()),
          "it does not begin with https:// or http:// and a host, or has more than a path after that",
          "Name the folder as visitors do, such as " + Site.PUBLIC + ".");
    }
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

  /** Java does not say where an answer is shorter than it was to be. */
  private static final class Counted extends FilterInputStream {
    private long bytes;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      bytes += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      bytes += Math.max(read, 0);
      return read;
    }
  }

  /**
   * Asks for it; redirections are followed, but not from http to https.
   *
   * @param accept the types that will do, as HTTP's header names them
   * @param silence how long the server may say nothing, before its answer or in it
   * @return empty if the server has no such file (404)
   */
  static <T> Optional<T> get(URI url, String accept, Duration silence, Reader<T> reader) {
    try {
      if (!(url.toURL().openConnection() instanceof HttpURLConnection connection)) {
        throw new IOException("that is no address of the web");
      }
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
      try (Counted content = new Counted(connection.getInputStream())) {
        T read =
            reader.read(
                new Answer(
                    URI.create(connection.getURL().toString()),
                    String.valueOf(connection.getContentType()),
                    content));
        long length = connection.getContentLengthLong();
        if (content.bytes < length) {
          throw new IOException("only " + content.bytes + " bytes came, of " + length);
        }
        return Optional.of(read);
      }
    } catch (IOException | IllegalArgumentException e) { // an address that is none, here or in it
      throw new EnvironmentException(
          "cannot read " + url,
          e instanceof IOException io ? Reason.of(io) : String.valueOf(e.getMessage()),
          "Look whether its server is well, and try again.",
          e);
    }
  }
}
