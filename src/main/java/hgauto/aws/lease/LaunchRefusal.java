package hgauto.aws.lease;

import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What it means when RunInstances fails. */
final class LaunchRefusal {
  /** There is no room, or the zone has no such type; elsewhere there may be. */
  private static final Set<String> NO_ROOM =
      Set.of(
          "InsufficientInstanceCapacity",
          "InsufficientHostCapacity",
          "SpotMaxPriceTooLow",
          "Unsupported");

  private static final Set<String> LIMITS = Set.of("VcpuLimitExceeded", "InstanceLimitExceeded");

  /** The limit of the processors that an account may have at spot prices is one of its own. */
  private static final String SPOT_LIMIT = "MaxSpotInstanceCountExceeded";

  /** EC2 makes a role of its own at an account's first spot request, by the caller's rights. */
  private static final String NO_SPOT_ROLE = "AuthFailure.ServiceLinkedRoleCreationNotPermitted";

  private static final Set<String> NO_NETWORK =
      Set.of(
          "VPCIdNotSpecified",
          "DefaultVpcDoesNotExist",
          "DefaultSubnetDoesNotExist",
          "MissingInput",
          "InvalidSubnetID.NotFound",
          "InvalidSubnetID.Malformed",
          "InvalidSubnet");

  private LaunchRefusal() {}

  static boolean noRoom(EnvironmentException e) {
    return NO_ROOM.contains(AwsCall.code(e));
  }

  /** Whether the region, or the zone that was named, has no network for it. */
  static boolean noNetwork(EnvironmentException e) {
    return NO_NETWORK.contains(AwsCall.code(e));
  }

  /**
   * Whether EC2 does not know the instance profile yet, as in the first seconds of its life. For
   * this there is no code of its own.
   */
  static boolean profileUnknown(EnvironmentException e) {
    AwsErrorDetails details =
        e.getCause() instanceof AwsServiceException refused ? refused.awsErrorDetails() : null;
    return AwsCall.code(e).equals("InvalidParameterValue")
        && details != null
        && details.errorMessage() != null
        && details.errorMessage().endsWith("Invalid IAM Instance Profile name");
  }

  /**
   * Whether nothing was launched, for certain. An error of EC2's own, or of the network, may have
   * come after the launch; so may the refusal of a repeated request, when the answer to the first
   * was lost.
   */
  static boolean certain(EnvironmentException e) {
    if (!(e.getCause() instanceof AwsServiceException refused)) {
      return false;
    }
    boolean repeated = refused.numAttempts() != null && refused.numAttempts() > 1;
    return !repeated
        && (noRoom(e)
            || (refused.statusCode() / 100 == 4
                && !AwsCall.code(e).equals("IdempotentParameterMismatch")));
  }

  /**
   * The failure, with what to do about it where AWS's code tells.
   *
   * @param spot whether spare capacity was asked for
   */
  static EnvironmentException explained(EnvironmentException e, boolean spot) {
    String code = AwsCall.code(e);
    if (e.getCause() == null) { // the time for the instance profile is up
      return because(e, "Run the command again: IAM may be slow to tell EC2 of a new profile.");
    }
    if (noRoom(e)) {
      return because(
          e,
          "Try again later, "
              + (spot ? "without --spot, " : "")
              + "with another --instance-type, or in another region with --aws-region.");
    }
    if (code.equals(SPOT_LIMIT)) {
      return because(
          e,
          "Leave --spot out, ask for a higher limit of spot instances in the Service Quotas"
              + " console, end what is not needed (hgauto list-ec2-resources), or choose a smaller"
              + " --instance-type.");
    }
    if (code.equals(NO_SPOT_ROLE)) {
      return because(
          e,
          "Have somebody who may do so run, once for the account: aws iam"
              + " create-service-linked-role --aws-service-name spot.amazonaws.com (or leave --spot"
              + " out).");
    }
    if (LIMITS.contains(code)) {
      return because(
          e,
          "Ask for a higher limit in the Service Quotas console, end what is not needed (hgauto"
              + " list-ec2-resources), or choose a smaller --instance-type.");
    }
    if (noNetwork(e)) {
      return because(
          e,
          "Name a subnet of this region with --subnet (aws ec2 describe-subnets lists them), or"
              + " make a default network: aws ec2 create-default-vpc");
    }
    return e;
  }

  private static EnvironmentException because(EnvironmentException e, String next) {
    return new EnvironmentException(e.what(), e.why(), next, e.getCause());
  }
}
