package hgauto.testbed.aws;

import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.ssm.model.SsmException;
import software.amazon.awssdk.services.sts.model.StsException;

/** The exceptions by which the SDK's clients say that a call has failed. */
final class Refusal {
  private static final Set<String> OF_CAPACITY =
      Set.of("InsufficientInstanceCapacity", "InternalError", "Unavailable");
  private static final Set<String> OF_PERMISSION =
      Set.of("UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "AuthFailure");

  private Refusal() {}

  static AwsServiceException ec2(String code, String message) {
    return of("ec2", code, message);
  }

  static AwsServiceException iam(String code, String message) {
    return of("iam", code, message);
  }

  static AwsServiceException of(String service, String code, String message) {
    AwsServiceException.Builder builder =
        switch (service) {
          case "ec2" -> Ec2Exception.builder();
          case "iam" -> ofIam(code);
          case "ssm" -> SsmException.builder();
          case "sts" -> StsException.builder();
          default -> throw new IllegalArgumentException(service);
        };
    return builder
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .serviceName(service)
                .errorCode(code)
                .errorMessage(message)
                .build())
        .message(message)
        .statusCode(status(service, code))
        .requestId("00000000-0000-0000-0000-000000000000")
        .build();
  }

  private static IamException.Builder ofIam(String code) {
    return switch (code) {
      case "NoSuchEntity" -> NoSuchEntityException.builder();
      case "EntityAlreadyExists" -> EntityAlreadyExistsException.builder();
      case "DeleteConflict" -> DeleteConflictException.builder();
      case "LimitExceeded" -> LimitExceededException.builder();
      case "MalformedPolicyDocument" -> MalformedPolicyDocumentException.builder();
      default -> IamException.builder();
    };
  }

  /** The HTTP status that comes with an error code. */
  static int status(String service, String code) {
    if (OF_PERMISSION.contains(code)) {
      return 403;
    }
    if (OF_CAPACITY.contains(code)) {
      return 500;
    }
    return switch (code) {
      case "RequestLimitExceeded" -> 503;
      case "NoSuchEntity" -> 404;
      case "EntityAlreadyExists", "DeleteConflict", "LimitExceeded" ->
          service.equals("iam") ? 409 : 400;
      default -> 400;
    };
  }

  /** The connection was lost, before or after the call took effect: nobody can tell. */
  static SdkClientException connectionLost() {
    return SdkClientException.create(
        "Unable to execute HTTP request: Connection reset", new IOException("Connection reset"));
  }
}
