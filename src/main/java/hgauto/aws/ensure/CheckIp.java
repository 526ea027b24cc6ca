package hgauto.aws.ensure;

import hgauto.error.EnvironmentException;
import hgauto.state.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks from which address the internet sees this machine. */
public final class CheckIp {
  /** AWS's service for that. */
  public static final CheckIp AWS =
      new CheckIp(URI.create("https://checkip.amazonaws.com/"), Duration.ofSeconds(5));

  private static final int SHOWN = 60;

  private final URI service;
  private final Duration atMost;

  /**
   * @param service answers with the address of whoever asks
   * @param atMost how long to wait for the whole answer
   */
  public CheckIp(URI service, Duration atMost) {
    this.service = service;
    this.atMost = atMost;
  }

  /**
   * This machine's public address.
   *
   * @throws EnvironmentException if there is no answer, or it is no address
   */
  public Cidr ask() throws InterruptedException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(atMost).build();
    CompletableFuture<HttpResponse<String>> asked =
        http.sendAsync(HttpRequest.newBuilder(service).build(), BodyHandlers.ofString());
    try {
      HttpResponse<String> answer = asked.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      String text = answer.body().strip();
      if (answer.statusCode() != 200) {
        throw unknown("it answers with HTTP status " + answer.statusCode(), null);
      }
      return Cidr.of(text)
          .filter(address -> !text.contains("/"))
          .orElseThrow(
              () ->
                  unknown(
                      "it answers with \""
                          + text.substring(0, Math.min(text.length(), SHOWN))
                              .lines()
                              .findFirst()
                              .orElse("")
                          + "\"",
                      null));
    } catch (ExecutionException e) {
      throw unknown(
          e.getCause() instanceof IOException io ? Reason.of(io) : e.getCause().toString(), e);
    } catch (TimeoutException e) {
      throw unknown("it does not answer within " + atMost.toSeconds() + " s", e);
    } finally {
      asked.cancel(true);
    }
  }

  private EnvironmentException unknown(String why, Exception cause) {
    return new EnvironmentException(
        "cannot ask " + service + " for this machine's public address",
        why,
        "Say with --ssh-from which addresses may connect to the machines, such as"
            + " --ssh-from 203.0.113.7/32.",
        cause);
  }
}
