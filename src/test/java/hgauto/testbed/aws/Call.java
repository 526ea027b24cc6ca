package hgauto.testbed.aws;

/**
 * One call of AWS's API.
 *
 * @param action as policies name it: {@code ec2:RunInstances}
 * @param region {@code aws-global} for IAM
 */
public record Call(String action, String region) {
  /** "ec2" of "ec2:RunInstances". */
  String service() {
    return action.substring(0, action.indexOf(':'));
  }

  /** "ec2:RunInstances in us-west-2". */
  @Override
  public String toString() {
    return action + " in " + region;
  }
}
