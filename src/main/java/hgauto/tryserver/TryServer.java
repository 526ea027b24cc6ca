package hgauto.tryserver;

import hgauto.aws.AccessKey;
import hgauto.aws.CredentialsFile;
import hgauto.aws.SignatureCheck;
import hgauto.error.EnvironmentException;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Try Server that runs in this process. It takes submissions by the protocol of the Lambda
 * function that {@code automation.py try} invokes, runs their tests one after the other, and shows
 * the results as web pages. Closing it ends the run under way with all its processes.
 */
public final class TryServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TryServer.class);

  private static final int DEFAULT_KEEP_RUNS = 100;

  /** The only function that a server has; {@code automation.py try} invokes it. */
  public static final String FUNCTION = InvokeHandler.FUNCTION;

  /** A submitter waits this long for an answer, and a silent test this long to write something. */
  private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);

  private final Server server;
  private final RunQueue queue;
  private final RunStore store;
  private final AccessKey accessKey;
  private final URI uri;

  /**
   * What a server is made from.
   *
   * @param listen the address and port to listen on; port 0 takes any free one
   * @param folder holds the credentials, the clones and the runs
   * @param jobs how jobs run
   * @param keepRuns how many finished runs are kept; null for what an earlier server was told, or
   *     else 100
   */
  public record Settings(
      InetSocketAddress listen, Path folder, JobSettings jobs, Integer keepRuns) {}

  /**
   * Starts a server for submissions that build on a checkout's public changesets.
   *
   * @throws EnvironmentException when it cannot be started
   */
  public static TryServer forCheckout(Settings settings, Hg hg, Checkout checkout) {
    return start(
        settings,
        hg.withoutUserConfig(), // whose hooks are not meant for the server's clone
        new ServerClone.Source(url(checkout.root()), () -> publicRevisions(checkout)));
  }

  /**
   * Starts a server for submissions that build on all that a repository has.
   *
   * @param source a URL or path that {@code hg clone} takes
   * @throws EnvironmentException when it cannot be started
   */
  public static TryServer forSource(Settings settings, Hg hg, String source) {
    boolean folder = Files.isDirectory(Path.of(source));
    String location = folder ? url(Path.of(source)) : source;
    return start(settings, hg, new ServerClone.Source(location, List::of));
  }

  /** As a URL, since hg takes "#" in a path for the beginning of a branch's name. */
  private static String url(Path repository) {
    return repository.toAbsolutePath().normalize().toUri().toString();
  }

  /** With the revision before the first: where nothing is public, nothing is pulled. */
  private static List<String> publicRevisions(Checkout checkout) {
    return Stream.concat(Stream.of("null"), checkout.publicHeads().stream()).toList();
  }

  private static TryServer start(Settings settings, Hg hg, ServerClone.Source source) {
    try {
      return new TryServer(settings, hg, source);
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot start the Try Server at "
              + settings.listen().getHostString()
              + ":"
              + settings.listen().getPort(),
          e.getCause() instanceof IOException cause ? Reason.of(cause) : Reason.of(e),
          "Choose another address with --listen, or another state folder with --state-path.",
          e);
    }
  }

  private TryServer(Settings settings, Hg hg, ServerClone.Source source) throws IOException {
    Clock clock = Clock.systemUTC();
    Path folder = settings.folder();
    accessKey = new CredentialsFile(folder.resolve("credentials")).readOrCreate();
    store = new RunStore(folder.resolve("runs"));
    store.adoptOrphans(clock.instant());
    ServerClone clone = new ServerClone(hg, source, folder.resolve("clones"));
    Pages pages = new Pages(clock);
    queue = new RunQueue(store, new TestsJob(store, clone, settings.jobs(), clock), pages, clock);
    Access access = new Access(token(settings.listen(), folder.resolve("token")));
    SignatureCheck signatures =
        new SignatureCheck(Map.of(accessKey.id(), accessKey.secret()), clock);
    Submissions submissions =
        new Submissions(
            store, clone, queue, store.keepRuns(settings.keepRuns(), DEFAULT_KEEP_RUNS), clock);
    server = new Server();
    server.setHandler(
        new Handler.Sequence(
            new InvokeHandler(signatures, submissions, access),
            new ResultsHandler(store, queue, pages, access)));
    int port = listen(settings.listen(), clone);
    uri =
        URI.create(
            "http://" + hostForUrl(settings.listen().getAddress()) + ":" + port + access.link("/"));
  }

  private static Optional<String> token(InetSocketAddress listen, Path file) throws IOException {
    if (listen.getAddress().isLoopbackAddress()) {
      return Optional.empty();
    }
    if (Files.notExists(file) || Files.readString(file).isBlank()) {
      byte[] random = new byte[16];
      new SecureRandom().nextBytes(random);
      PrivateFiles.replace(
          file, HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII));
    }
    return Optional.of(Files.readString(file).strip());
  }

  private static String hostForUrl(InetAddress listen) {
    String host = listen.isAnyLocalAddress() ? nameOfThisMachine() : listen.getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static String nameOfThisMachine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LOG.info("this machine's name has no address, so others cannot know it by that", e);
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }

  private int listen(InetSocketAddress address, ServerClone clone) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    server.addConnector(connector);
    try {
      connector.open(); // an address that is taken is told before a long clone
      clone.prepare();
      server.start();
    } catch (IOException | EnvironmentException e) {
      close();
      throw e;
    } catch (Exception e) {
      close();
      throw new IOException(e.getMessage(), e);
    }
    return connector.getLocalPort();
  }

  /** The address of the list of runs, with the token where one is needed. */
  public URI uri() {
    return uri;
  }

  /** The address that submissions go to. */
  public URI root() {
    return URI.create(uri.getScheme() + "://" + uri.getAuthority());
  }

  /** What submissions are signed with. */
  public AccessKey accessKey() {
    return accessKey;
  }

  /** The page of a finished run, which can be read without a server. */
  public Path pageFile(long id) {
    return store.pageFile(id);
  }

  /** Ends the run under way and stops listening. */
  @Override
  public void close() {
    queue.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the web server did not stop", e);
    }
  }
}
