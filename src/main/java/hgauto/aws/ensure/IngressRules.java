package hgauto.aws.ensure;

import hgauto.aws.AwsCall;
import hgauto.aws.inventory.SecurityGroup.IngressRule;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;

/**
 * The rules of a security group that say who may connect to its machines. EC2 keeps one rule for
 * the same ports and addresses, so that people behind one address share it; its description names
 * them all. It is read anew before it is changed, since others change it, too; EC2 cannot change it
 * only where nobody else did meanwhile, but every run looks again whether its owner is named.
 *
 * @param groupId in the region of the client
 */
record IngressRules(Ec2Client ec2, String region, String groupId) {
  /** A rule that is no longer there. */
  private static final String GONE = "InvalidPermission.NotFound";

  /**
   * Lets these addresses in by SSH for this owner.
   *
   * @return false if they were let in already, and stay so
   */
  boolean admit(Cidr from, String owner) {
    return authorize(from, owner) || join(from, owner).orElseGet(() -> authorize(from, owner));
  }

  private boolean authorize(Cidr from, String owner) {
    IpPermission rule =
        permission(
            Blueprint.PORT,
            Blueprint.PORT,
            from,
            IngressRule.descriptionOf(Set.of(IngressRule.nameOf(owner))));
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

  /** Empty if the rule has gone meanwhile. */
  private Optional<Boolean> join(Cidr from, String owner) {
    Optional<IngressRule> found = find(Blueprint.PORT, Blueprint.PORT, from);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    IngressRule rule = found.get();
    if (!IngressPlan.isLentTo(rule, owner)) {
      return Optional.of(false);
    }
    Set<String> owners = new TreeSet<>(rule.owners());
    owners.add(IngressRule.nameOf(owner));
    return describe(rule, from, owners) ? Optional.of(true) : Optional.empty();
  }

  /**
   * Lets these addresses in no longer for this owner, and for nobody if nobody else is named.
   *
   * @return false if that was so already
   */
  boolean revoke(int fromPort, int toPort, Cidr from, String owner) {
    Optional<IngressRule> found = find(fromPort, toPort, from);
    if (found.isEmpty()) {
      return false;
    }
    Set<String> owners = new TreeSet<>(found.get().owners());
    if (!owners.remove(IngressRule.nameOf(owner)) && found.get().isOfHgauto()) {
      return false;
    }
    return owners.isEmpty() ? revoke(found.get(), from) : describe(found.get(), from, owners);
  }

  private boolean revoke(IngressRule rule, Cidr from) {
    IpPermission permission = permission(rule.fromPort(), rule.toPort(), from, null);
    return Making.unless(
        GONE,
        () ->
            AwsCall.make(
                "ec2:RevokeSecurityGroupIngress",
                "close security group " + groupId + " in " + region + " to " + from,
                () ->
                    ec2.revokeSecurityGroupIngress(
                        r -> r.groupId(groupId).ipPermissions(permission))));
  }

  private boolean describe(IngressRule rule, Cidr from, Set<String> owners) {
    IpPermission permission =
        permission(rule.fromPort(), rule.toPort(), from, IngressRule.descriptionOf(owners));
    return Making.unless(
        GONE,
        () ->
            AwsCall.make(
                "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
                "say whose rule for "
                    + from
                    + " it is in security group "
                    + groupId
                    + " in "
                    + region,
                () ->
                    ec2.updateSecurityGroupRuleDescriptionsIngress(
                        r -> r.groupId(groupId).ipPermissions(permission))));
  }

  private Optional<IngressRule> find(int fromPort, int toPort, Cidr from) {
    return AwsCall.make(
            "ec2:DescribeSecurityGroups",
            "look at security group " + groupId + " in " + region,
            () -> ec2.describeSecurityGroups(r -> r.groupIds(groupId)).securityGroups())
        .stream()
        .flatMap(group -> group.ipPermissions().stream())
        .flatMap(IngressRules::ranges)
        .filter(rule -> rule.protocol().equals("tcp"))
        .filter(rule -> rule.fromPort() == fromPort && rule.toPort() == toPort)
        .filter(rule -> Cidr.of(rule.cidr()).filter(from::equals).isPresent())
        .findFirst();
  }

  private static Stream<IngressRule> ranges(IpPermission permission) {
    return Stream.concat(
        permission.ipRanges().stream()
            .map(range -> rule(permission, range.cidrIp(), range.description())),
        permission.ipv6Ranges().stream()
            .map(range -> rule(permission, range.cidrIpv6(), range.description())));
  }

  private static IngressRule rule(IpPermission permission, String cidr, String description) {
    return new IngressRule(
        permission.ipProtocol(),
        Optional.ofNullable(permission.fromPort()).orElse(0),
        Optional.ofNullable(permission.toPort()).orElse(65535),
        cidr,
        Optional.ofNullable(description).orElse(""));
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
