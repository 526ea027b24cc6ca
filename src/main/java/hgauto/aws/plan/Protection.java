package hgauto.aws.plan;

import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;

/** An instance's protection from termination, which its owner has turned on. */
public final class Protection {
  /** What EC2 answers to who would terminate a protected instance. */
  static final String CODE = "OperationNotPermitted";

  private Protection() {}

  /** Whether a termination was refused for its sake. */
  public static boolean refused(EnvironmentException e) {
    return AwsCall.code(e).equals(CODE);
  }

  /** What to do about it: the command that lifts it, last. */
  public static String remedy(String region, String id) {
    return "If it is to go, lift its protection and run the command again: aws ec2"
        + " modify-instance-attribute --region "
        + region
        + " --instance-id "
        + id
        + " --no-disable-api-termination";
  }
}
