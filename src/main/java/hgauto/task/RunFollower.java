package hgauto.task;

import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import hgauto.tryserver.Run;
import hgauto.tryserver.RunJson;
import hgauto.tryserver.TestResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a run on a self-hosted Try Server: prints its log as it is written, and knows its end. A
 * connection that breaks is made again, from the byte where it broke.
 */
final class RunFollower {
  private static final Logger LOG = LoggerFactory.getLogger(RunFollower.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RUN = Duration.ofDays(2); // it may have to wait its turn
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);
  private static final int CONNECT_MILLIS = 10_000;
  private static final int READ_MILLIS = 60_000;

  /** A test may well write nothing for so long; then we ask whether the server is still there. */
  private static final int QUIET_MILLIS = 300_000;

  private final Poll poll;
  private final Clock clock;
  private final URI run;
  private final String token;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long position;
  private Instant unreachableSince;

  /**
   * @param clock tells how long the server has been out of reach
   * @param run the run's address, with the token where the server wants one
   */
  RunFollower(Poll poll, Clock clock, URI run) {
    this.poll = poll;
    this.clock = clock;
    this.run = run;
    String query = run.getQuery();
    this.token = query != null && query.startsWith("token=") ? query.substring(6) : null;
  }

  /**
   * Waits for the run's end.
   *
   * @param log gets each line of its log
   * @throws EnvironmentException when the server cannot be reached for two minutes
   */
  Run follow(Consumer<String> log) throws InterruptedException {
    Run ended = poll.until("run " + run + " to end", EVERY, LONGEST_RUN, () -> look(log));
    if (line.size() > 0) {
      printLine(log);
    }
    return ended;
  }

  private void printLine(Consumer<String> log) {
    log.accept(line.toString(StandardCharsets.UTF_8));
    line.reset();
  }

  private Optional<Run> look(Consumer<String> log) {
    try {
      copyLog(log);
      Run now = RunJson.read(fetchJson());
      unreachableSince = null;
      return Optional.of(now).filter(r -> r.status().isFinal());
    } catch (IOException e) {
      LOG.info("cannot read {}", run, e);
      Instant now = clock.instant();
      unreachableSince = unreachableSince == null ? now : unreachableSince;
      if (Duration.between(unreachableSince, now).compareTo(LONGEST_SILENCE) > 0) {
        throw new EnvironmentException(
            "lost the Try Server that runs " + run,
            e.getMessage(),
            "The run may go on there; look at its page.",
            e);
      }
      return Optional.empty();
    }
  }

  /** The names of the tests that failed, as far as the server has a report. */
  List<String> failedTests() {
    try {
      return RunJson.readTests(fetchJson()).stream()
          .filter(test -> test.outcome() == TestResult.Outcome.FAILED)
          .map(TestResult::name)
          .toList();
    } catch (IOException e) {
      LOG.info("cannot read {}", run, e);
      return List.of();
    }
  }

  private void copyLog(Consumer<String> log) throws IOException {
    try (InputStream in = open("/log?follow&from=" + position, QUIET_MILLIS)) {
      byte[] buffer = new byte[8192];
      for (int read; (read = in.read(buffer)) >= 0; ) {
        position += read;
        for (int at = 0; at < read; at++) {
          if (buffer[at] == '\n') {
            printLine(log);
          } else {
            line.write(buffer[at]);
          }
        }
      }
    } catch (SocketTimeoutException e) {
      LOG.debug("the run is quiet", e);
    }
  }

  private String fetchJson() throws IOException {
    try (InputStream in = open(".json", READ_MILLIS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private InputStream open(String what, int readMillis) throws IOException {
    URI address = URI.create(run.getScheme() + "://" + run.getAuthority() + run.getPath() + what);
    HttpURLConnection connection =
        (HttpURLConnection)
            (isLoopback()
                ? address.toURL().openConnection(Proxy.NO_PROXY)
                : address.toURL().openConnection());
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(readMillis);
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
    if (connection.getResponseCode() != 200) {
      throw new IOException("the server answered " + connection.getResponseCode());
    }
    return connection.getInputStream();
  }

  private boolean isLoopback() {
    return run.getHost().matches("localhost|127\\..*|\\[::1\\]");
  }
}
