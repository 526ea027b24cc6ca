package hgauto.testbed.aws;

import hgauto.testbed.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import software.amazon.awssdk.utils.Lazy;

/**
 * The one <a href="https://docs.getmoto.org">moto</a> of this JVM, a server that stands in for AWS.
 * It is started when it is first needed, and ends with the JVM, however that ends: it goes when its
 * standard input does, of which the JVM holds the other end.
 */
final class MotoServer {
  private static final String PROGRAM =
      """
      import os, sys, threading
      from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
      from werkzeug.serving import WSGIRequestHandler, run_simple

      threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
      WSGIRequestHandler.log_request = lambda *args, **named: None
      run_simple('127.0.0.1', 0, DomainDispatcherApplication(create_backend_app), threaded=True)
      """;

  private static final Pattern ADDRESS =
      Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");

  private static final Duration START = Duration.ofSeconds(60);

  private static final Lazy<URI> URI_OF_THE_ONE = new Lazy<>(MotoServer::start);

  private MotoServer() {}

  /** Its address; skips the test where the environment with moto is missing. */
  static URI uri() {
    Requires.env("HGAUTO_TESTBED_PYTHON");
    return URI_OF_THE_ONE.getValue();
  }

  private static URI start() {
    try {
      Path log = Files.createTempFile("moto", ".log");
      log.toFile().deleteOnExit();
      ProcessBuilder builder =
          new ProcessBuilder(Requires.env("HGAUTO_TESTBED_PYTHON"), "-c", PROGRAM)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().put("MOTO_EC2_LOAD_DEFAULT_AMIS", "false");
      builder.environment().put("MOTO_ENABLE_AMI_VALIDATION", "true");
      builder.environment().put("MOTO_ENABLE_KEYPAIR_VALIDATION", "true");
      builder.environment().put("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
      Process process = builder.start();
      return Awaitility.await("moto to start")
          .atMost(START)
          .until(() -> address(process, log), Optional::isPresent)
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<URI> address(Process process, Path log) throws IOException {
    String said = Files.readString(log);
    if (!process.isAlive()) {
      throw new AssertionError("moto has ended: " + said);
    }
    return ADDRESS.matcher(said).results().map(found -> URI.create(found.group(1))).findFirst();
  }
}
