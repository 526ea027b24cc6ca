package hgauto.aws.ensure;

import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** Finds the network that machines are launched into. */
final class Network {
  private Network() {}

  /**
   * The id of the virtual private cloud (VPC) of that subnet, or of the region's default one.
   *
   * @throws EnvironmentException if there is none, naming {@code --subnet}
   */
  static String vpcId(Ec2Client ec2, String region, Optional<String> subnetId) {
    DescribeSubnetsRequest.Builder request = DescribeSubnetsRequest.builder();
    subnetId.ifPresentOrElse(
        request::subnetIds,
        () -> request.filters(Filter.builder().name("default-for-az").values("true").build()));
    List<Subnet> found =
        AwsCall.make(
            "ec2:DescribeSubnets",
            "look at " + subnetId.map(id -> "subnet " + id).orElse("the subnets") + " in " + region,
            () -> ec2.describeSubnets(request.build()).subnets());
    return found.stream()
        .map(Subnet::vpcId)
        .findFirst()
        .orElseThrow(
            () ->
                new EnvironmentException(
                    "there is no network for machines in " + region,
                    "the account has no default VPC there, or it has no default subnets",
                    "Name a subnet with --subnet, or make a default VPC with \"aws ec2"
                        + " create-default-vpc --region "
                        + region
                        + "\"."));
  }
}
