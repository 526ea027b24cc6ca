package hgauto.aws;

import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The clients of AWS's services for one account. They belong to it and are never closed. */
public interface Clients {
  /** EC2 in a region. */
  Ec2Client ec2(String region);

  /** IAM, which is the same in every region. */
  IamClient iam();

  /** Systems Manager in a region. */
  SsmClient ssm(String region);

  /** The Security Token Service of the region that commands work in. */
  StsClient sts();
}
