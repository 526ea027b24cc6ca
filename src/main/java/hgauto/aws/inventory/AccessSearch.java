package hgauto.aws.inventory;

import hgauto.aws.AwsCall;
import hgauto.aws.inventory.SecurityGroup.IngressRule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeKeyPairsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;

/** Looks for what lets people connect: a region's key pairs and security groups by our names. */
final class AccessSearch {
  private static final int PAGE = 1000;

  private final Ec2Client ec2;
  private final String region;

  AccessSearch(Ec2Client ec2, String region) {
    this.ec2 = ec2;
    this.region = region;
  }

  List<KeyPair> keyPairs() {
    DescribeKeyPairsRequest request =
        DescribeKeyPairsRequest.builder()
            .filters(Ec2Filter.of("key-name", Names.KEY_PAIR, Names.KEY_PAIR + "-*"))
            .build();
    return AwsCall.make(
        "ec2:DescribeKeyPairs",
        "list the key pairs in " + region,
        () -> ec2.describeKeyPairs(request).keyPairs().stream().map(this::keyPair).toList());
  }

  List<SecurityGroup> securityGroups() {
    DescribeSecurityGroupsRequest request =
        DescribeSecurityGroupsRequest.builder()
            .filters(Ec2Filter.of("group-name", Names.LINUX_GROUP, Names.WINDOWS_GROUP))
            .maxResults(PAGE)
            .build();
    return AwsCall.make(
        "ec2:DescribeSecurityGroups",
        "list the security groups in " + region,
        () ->
            ec2.describeSecurityGroupsPaginator(request).securityGroups().stream()
                .map(this::securityGroup)
                .toList());
  }

  /** A name of ours that is not automation.py's proves nothing. */
  private KeyPair keyPair(KeyPairInfo found) {
    Ownership untagged =
        found.keyName().equals(Names.KEY_PAIR) ? Ownership.LEGACY : Ownership.UNKNOWN;
    return new KeyPair(
        region,
        found.keyPairId(),
        found.keyName(),
        Tags.of(found.tags()).ownership().orElse(untagged),
        found.keyFingerprint(),
        Optional.ofNullable(found.createTime()));
  }

  private SecurityGroup securityGroup(
      software.amazon.awssdk.services.ec2.model.SecurityGroup found) {
    return new SecurityGroup(
        region,
        found.groupId(),
        found.groupName(),
        Tags.of(found.tags()).ownership().orElse(Ownership.LEGACY),
        found.vpcId(),
        found.ipPermissions().stream().flatMap(AccessSearch::rules).toList());
  }

  private static Stream<IngressRule> rules(IpPermission permission) {
    return Stream.of(
            permission.ipRanges().stream()
                .map(range -> rule(permission, range.cidrIp(), range.description())),
            permission.ipv6Ranges().stream()
                .map(range -> rule(permission, range.cidrIpv6(), range.description())),
            permission.prefixListIds().stream()
                .map(list -> rule(permission, list.prefixListId(), list.description())),
            permission.userIdGroupPairs().stream()
                .map(group -> rule(permission, group.groupId(), group.description())))
        .flatMap(rules -> rules);
  }

  /** Where all protocols are let in, EC2 names no ports. */
  private static IngressRule rule(IpPermission permission, String from, String description) {
    return new IngressRule(
        permission.ipProtocol(),
        Optional.ofNullable(permission.fromPort()).orElse(0),
        Optional.ofNullable(permission.toPort()).orElse(65535),
        from,
        Optional.ofNullable(description).orElse(""));
  }
}
