package hgauto.aws;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** One call to AWS, and what to tell a person when it fails. */
public final class AwsCall {
  private AwsCall() {}

  /**
   * Makes the call.
   *
   * @param action as policies name it, such as {@code ec2:TerminateInstances}
   * @param what for the message "cannot …": {@code terminate i-123 in us-west-2}
   * @throws EnvironmentException if it fails; the {@link SdkException} is its cause
   */
  public static <T> T make(String action, String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw failure(action, what, e);
    }
  }

  /** The failure of a call, in the three lines that people are told. */
  public static EnvironmentException failure(String action, String what, SdkException e) {
    return new EnvironmentException(
        "cannot " + what + " (" + action + ")", reason(e), remedy(action, e), e);
  }

  /** AWS's code for an error, such as {@code InvalidInstanceID.NotFound}; empty if it has none. */
  public static String code(Throwable e) {
    AwsErrorDetails details =
        e instanceof AwsServiceException refused ? refused.awsErrorDetails() : null;
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  /** The code of the AWS error that this failure tells of; empty if it tells of none. */
  public static String code(EnvironmentException told) {
    return told.getCause() == null ? "" : code(told.getCause());
  }

  /**
   * Whether it tells of something that mostly passes: AWS is asked too much, has failed by itself,
   * or cannot be reached.
   */
  public static boolean isPassing(EnvironmentException told) {
    return told.getCause() instanceof SdkServiceException refused
        ? refused.isThrottlingException() || refused.statusCode() >= 500
        : told.getCause() instanceof SdkException && ioCause(told.getCause()) != null;
  }

  /** Why a call failed: AWS's code, message and request id, or what is wrong with the network. */
  static String reason(SdkException e) {
    if (e instanceof AwsServiceException refused) {
      AwsErrorDetails details = refused.awsErrorDetails();
      String why =
          Stream.of(code(e), details == null ? null : details.errorMessage())
              .filter(part -> part != null && !part.isEmpty())
              .collect(Collectors.joining(": "));
      String request = refused.requestId() == null ? "" : ", request " + refused.requestId();
      return (why + " (HTTP status " + refused.statusCode() + request + ")").strip();
    }
    IOException io = ioCause(e);
    if (io instanceof UnknownHostException) {
      return "there is no host " + io.getMessage();
    }
    return Objects.requireNonNullElseGet(
        io == null ? e.getMessage() : io.getMessage(), e::toString);
  }

  private static String remedy(String action, SdkException e) {
    if (!(e instanceof AwsServiceException refused)) {
      return ioCause(e) == null
          ? "Check AWS's configuration (\"aws configure list\")."
          : "Check the network and the region, and run the command again.";
    }
    if (refused.isThrottlingException()) {
      return "AWS is asked too much at the moment. Run the command again in a minute.";
    }
    return switch (code(refused)) {
      case "UnauthorizedOperation", "AccessDenied", "AccessDeniedException" ->
          "Allow "
              + action
              + " (docs/aws-permissions.md has the least policy), or name another"
              + " profile with AWS_PROFILE.";
      case "ExpiredToken", "ExpiredTokenException", "RequestExpired" ->
          "Log in again (\"aws sso login\", \"aws login\"), or name another profile with"
              + " AWS_PROFILE.";
      case "AuthFailure",
          "InvalidClientTokenId",
          "UnrecognizedClientException",
          "SignatureDoesNotMatch",
          "InvalidSignatureException" ->
          "Check the access key (\"aws configure\") and that the region is enabled for the"
              + " account, or name another profile with AWS_PROFILE.";
      case "OptInRequired", "Blocked", "PendingVerification" ->
          "Finish setting up the AWS account, in its console.";
      default ->
          refused.statusCode() >= 500
              ? "AWS failed. Run the command again; https://health.aws.amazon.com tells of outages."
              : "Mend what it says, and run the command again.";
    };
  }

  /** The I/O failure behind it, or null. */
  static IOException ioCause(Throwable e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io;
      }
    }
    return null;
  }
}
