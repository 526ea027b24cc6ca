package hgauto.aws;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/**
 * Says what went wrong with an invocation, and what the person can do: by AWS's error code, or by
 * the kind of I/O failure, never by a message's text.
 */
final class InvocationFailure {
  private static final String EMBEDDED = "test on this machine with --server embedded.";

  private final boolean selfHosted;
  private final String what;
  private final String name;

  /**
   * @param name the function
   * @param where "in us-west-2" or "at http://localhost:8080"
   * @param selfHosted whether the person named a Try Server, rather than AWS or what stands for it
   */
  InvocationFailure(String name, String where, boolean selfHosted) {
    this.name = name;
    this.selfHosted = selfHosted;
    this.what = "cannot invoke the function " + name + " " + where;
  }

  /** Nothing to sign with, for a self-hosted server. */
  EnvironmentException noCredentials() {
    return failure("there are no credentials to sign with", serversCredentials(), null);
  }

  /** The payload exceeds what Lambda takes; sizes are in bytes. */
  EnvironmentException tooLarge(int size, int limit) {
    return failure(
        "the submission has %,d bytes, and Lambda takes %,d at most; nothing was sent"
            .formatted(size, limit),
        fewerChangesets(),
        null);
  }

  /** The function ran, and failed. */
  EnvironmentException inFunction(InvokeResponse response) {
    String payload = Answer.text(response);
    String why = abridged(payload);
    try {
      JsonObject error = new Gson().fromJson(payload, JsonObject.class);
      if (error != null && error.has("errorMessage")) {
        String type = error.has("errorType") ? error.get("errorType").getAsString() + ": " : "";
        why = type + error.get("errorMessage").getAsString();
      }
    } catch (JsonParseException | UnsupportedOperationException | IllegalStateException e) {
      // Not the usual object: the payload itself tells what there is to tell.
    }
    return failure(
        "the function failed (%s): %s (request %s)"
            .formatted(response.functionError(), why, response.responseMetadata().requestId()),
        selfHosted
            ? "See the server's log."
            : "See the function's log in CloudWatch, /aws/lambda/" + name + ", or " + EMBEDDED,
        null);
  }

  /** The function gave another answer than a JSON array. */
  EnvironmentException notAnAnswer(String answer, Exception cause) {
    return failure(
        "its answer is not a list of messages: " + abridged(answer),
        selfHosted
            ? "Check that the address is that of a Try Server. " + mayHaveArrived()
            : "Check that --function names the one that takes submissions, or " + EMBEDDED,
        cause);
  }

  /** The invocation could not even be tried. */
  EnvironmentException misconfigured(RuntimeException e) {
    return failure(
        Objects.requireNonNullElseGet(e.getMessage(), e::toString),
        selfHosted
            ? "Check the server's address: it begins with http:// or https://."
            : "Check the region and AWS's configuration (\"aws configure list\"), or " + EMBEDDED,
        e);
  }

  /**
   * The invocation failed.
   *
   * @param waitedForAnswer whether so much time went by that it can have timed out waiting for the
   *     answer; otherwise it timed out connecting
   */
  EnvironmentException of(SdkException e, boolean waitedForAnswer) {
    return e instanceof AwsServiceException refused ? refused(refused) : broken(e, waitedForAnswer);
  }

  private EnvironmentException refused(AwsServiceException e) {
    String code = AwsCall.code(e);
    return failure(AwsCall.reason(e), e.isThrottlingException() ? later() : next(code, e), e);
  }

  private String next(String code, AwsServiceException e) {
    return switch (code) {
      case "ResourceNotFoundException" ->
          selfHosted
              ? "Name a function that the server has with --function."
              : "Name another function with --function, another region with --aws-region, another"
                  + " profile with AWS_PROFILE, or "
                  + EMBEDDED;
      case "ExpiredTokenException", "ExpiredToken", "RequestExpired" ->
          selfHosted
              ? serversCredentials()
              : "Log in again (\"aws sso login\", \"aws login\"), name another profile with"
                  + " AWS_PROFILE, or "
                  + EMBEDDED;
      case "AccessDeniedException", "AccessDenied" ->
          selfHosted
              ? serversCredentials()
              : "Name a profile that may call lambda:InvokeFunction with AWS_PROFILE, or "
                  + EMBEDDED;
      case "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "IncompleteSignatureException",
          "MissingAuthenticationTokenException" ->
          selfHosted
              ? serversCredentials()
              : "Check the access key (\"aws configure\") and this machine's clock, name another"
                  + " profile with AWS_PROFILE, or "
                  + EMBEDDED;
      case "RequestTooLargeException", "RequestEntityTooLargeException" -> fewerChangesets();
      default ->
          switch (e.statusCode()) {
            case 413 -> fewerChangesets();
            case 401, 403 -> next("AccessDeniedException", e);
            case 400, 404, 405 -> "It was not taken. Mend what it says, and submit again.";
            default -> mayHaveArrived();
          };
    };
  }

  private EnvironmentException broken(SdkException e, boolean waitedForAnswer) {
    IOException cause = AwsCall.ioCause(e);
    if (cause == null) {
      return misconfigured(e);
    }
    if (cause instanceof UnknownHostException) {
      return failure("there is no host " + cause.getMessage(), unreachable(), e);
    }
    if (cause instanceof SocketTimeoutException) {
      return waitedForAnswer
          ? failure("it was sent, but no answer came in time", mayHaveArrived(), e)
          : failure("the connection could not be made in time", unreachable(), e);
    }
    boolean nothingSent =
        cause instanceof ConnectException
            || cause instanceof NoRouteToHostException
            || cause instanceof SSLHandshakeException;
    return failure(
        nothingSent
            ? "no connection: " + cause.getMessage()
            : "the connection broke before the answer came: " + cause.getMessage(),
        nothingSent ? unreachable() : mayHaveArrived(),
        e);
  }

  private String unreachable() {
    return selfHosted
        ? "Check that the server runs and that its address is right, or " + EMBEDDED
        : "Check the network and the region, or " + EMBEDDED;
  }

  private String mayHaveArrived() {
    return "The submission may have arrived all the same: look for it before you submit it again"
        + (selfHosted ? "." : ", or " + EMBEDDED);
  }

  private String fewerChangesets() {
    return selfHosted
        ? "Submit fewer changesets at once, or raise the server's limit."
        : "Submit fewer changesets at once, or " + EMBEDDED;
  }

  private String later() {
    return "Try again in a minute, or " + EMBEDDED;
  }

  private static String serversCredentials() {
    return "Set AWS_SHARED_CREDENTIALS_FILE to a copy of the server's try/credentials, with no other"
        + " AWS_ variables set, and check this machine's clock.";
  }

  private static String abridged(String text) {
    return text.length() <= 500 ? text : text.substring(0, 500) + "…";
  }

  private EnvironmentException failure(String why, String next, Exception cause) {
    return new EnvironmentException(what, why, next, cause);
  }
}
