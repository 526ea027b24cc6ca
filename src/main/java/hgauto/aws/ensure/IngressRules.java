package hgauto.aws.ensure;

import hgauto.aws.AwsCall;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;

/**
 * The rules of a security group that say who may connect to its machines.
 *
 * @param groupId in the region of the client
 */
record IngressRules(Ec2Client ec2, String region, String groupId) {
  /**
   * Lets these addresses in by SSH.
   *
   * @return false if they were let in already, by whomever
   */
  boolean admit(Cidr from, String description) {
    IpPermission rule = permission(Blueprint.PORT, Blueprint.PORT, from, description);
    return Making.unless(
        "InvalidPermission.Duplicate",
        () ->
            AwsCall.make(
                "ec2:AuthorizeSecurityGroupIngress",
                "let " + from + " into security group " + groupId + " in " + region,
                () ->
                    ec2.authorizeSecurityGroupIngress(
                        r -> r.groupId(groupId).ipPermissions(rule))));
  }

  /**
   * Lets these addresses in no longer.
   *
   * @return false if there was no such rule
   */
  boolean revoke(int fromPort, int toPort, Cidr from) {
    IpPermission rule = permission(fromPort, toPort, from, null);
    return Making.unless(
        "InvalidPermission.NotFound",
        () ->
            AwsCall.make(
                "ec2:RevokeSecurityGroupIngress",
                "close security group " + groupId + " in " + region + " to " + from,
                () -> ec2.revokeSecurityGroupIngress(r -> r.groupId(groupId).ipPermissions(rule))));
  }

  private static IpPermission permission(int fromPort, int toPort, Cidr from, String description) {
    IpPermission.Builder rule =
        IpPermission.builder().ipProtocol("tcp").fromPort(fromPort).toPort(toPort);
    if (from.isIpv6()) {
      rule.ipv6Ranges(
          Ipv6Range.builder().cidrIpv6(from.toString()).description(description).build());
    } else {
      rule.ipRanges(IpRange.builder().cidrIp(from.toString()).description(description).build());
    }
    return rule.build();
  }
}
