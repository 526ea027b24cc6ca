package hgauto.testbed.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DeleteSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsIngressRequest;
import software.amazon.awssdk.services.ec2.model.UpdateSecurityGroupRuleDescriptionsIngressResponse;

/** The security groups of a region, and their rules. */
final class FakeSecurityGroups {
  private final FakeState account;
  private final FakeRegion region;
  private final FakeInstances instances;

  FakeSecurityGroups(FakeState account, FakeRegion region, FakeInstances instances) {
    this.account = account;
    this.region = region;
    this.instances = instances;
  }

  DescribeSecurityGroupsResponse describe(DescribeSecurityGroupsRequest request) {
    List<SecurityGroup> asked =
        request.groupIds().isEmpty() && request.groupNames().isEmpty()
            ? seen()
            : Stream.concat(
                    request.groupIds().stream().map(this::get),
                    request.groupNames().stream().map(name -> inVpc(name, region.defaultVpc())))
                .toList();
    Page<SecurityGroup> page =
        Page.of(
            asked.stream()
                .filter(
                    group ->
                        Filters.met(
                            request.filters(),
                            group.tags(),
                            Map.of(
                                "group-id", Filters.values(group.groupId()),
                                "group-name", Filters.values(group.groupName()),
                                "description", Filters.values(group.description()),
                                "vpc-id", Filters.values(group.vpcId()))))
                .toList(),
            request.maxResults(),
            request.nextToken());
    return DescribeSecurityGroupsResponse.builder()
        .securityGroups(page.items())
        .nextToken(page.next())
        .build();
  }

  CreateSecurityGroupResponse create(CreateSecurityGroupRequest request) {
    String vpc = request.vpcId() == null ? region.defaultVpc() : request.vpcId();
    if (vpc == null) {
      throw Refusal.ec2("VPCIdNotSpecified", "No default VPC for this user");
    }
    if (!region.vpcs.containsKey(vpc)) {
      throw Refusal.ec2("InvalidVpcID.NotFound", "The vpc ID '" + vpc + "' does not exist");
    }
    if (named(request.groupName(), vpc).isPresent()) {
      throw Refusal.ec2(
          "InvalidGroup.Duplicate",
          "The security group '" + request.groupName() + "' already exists for VPC '" + vpc + "'");
    }
    String id = account.newId("sg");
    region.groups.put(
        id,
        SecurityGroup.builder()
            .groupId(id)
            .groupName(request.groupName())
            .description(request.description())
            .vpcId(vpc)
            .ownerId(FakeState.ACCOUNT)
            .ipPermissions(List.of())
            .tags(Tags.of(request.tagSpecifications(), ResourceType.SECURITY_GROUP))
            .build());
    account.looks.set("hidden " + id, account.behaviour.groupsHidden);
    return CreateSecurityGroupResponse.builder()
        .groupId(id)
        .tags(region.groups.get(id).tags())
        .build();
  }

  DeleteSecurityGroupResponse delete(DeleteSecurityGroupRequest request) {
    SecurityGroup group = find(request.groupId(), request.groupName());
    if (group.groupName().equals("default")) {
      throw Refusal.ec2(
          "CannotDelete",
          "the specified group: \""
              + group.groupId()
              + "\" name: \"default\" cannot be deleted by a user");
    }
    boolean used = instances.use(group.groupId());
    if (used) {
      account.looks.set("used " + group.groupId(), account.behaviour.groupsInUse);
    }
    if (used || account.looks.tooEarly("used " + group.groupId()) || isNamedByAnother(group)) {
      throw Refusal.ec2(
          "DependencyViolation", "resource " + group.groupId() + " has a dependent object");
    }
    region.groups.remove(group.groupId());
    return DeleteSecurityGroupResponse.builder().groupId(group.groupId()).build();
  }

  AuthorizeSecurityGroupIngressResponse authorize(AuthorizeSecurityGroupIngressRequest request) {
    SecurityGroup group = find(request.groupId(), request.groupName());
    List<IpPermission> rules = new ArrayList<>(Rules.single(group.ipPermissions()));
    for (IpPermission asked : Rules.single(request.ipPermissions())) {
      if (Rules.indexOf(asked, rules) >= 0) {
        throw Refusal.ec2(
            "InvalidPermission.Duplicate",
            "the specified rule \"" + Rules.words(asked) + "\" already exists");
      }
      rules.add(asked);
    }
    keep(group, rules);
    return AuthorizeSecurityGroupIngressResponse.builder().returnValue(true).build();
  }

  RevokeSecurityGroupIngressResponse revoke(RevokeSecurityGroupIngressRequest request) {
    SecurityGroup group = find(request.groupId(), request.groupName());
    List<IpPermission> rules = new ArrayList<>(Rules.single(group.ipPermissions()));
    for (IpPermission asked : Rules.single(request.ipPermissions())) {
      int index = Rules.indexOf(asked, rules);
      if (index < 0) {
        throw Refusal.ec2(
            "InvalidPermission.NotFound",
            "The specified rule does not exist in this security group.");
      }
      rules.remove(index);
    }
    keep(group, rules);
    return RevokeSecurityGroupIngressResponse.builder().returnValue(true).build();
  }

  UpdateSecurityGroupRuleDescriptionsIngressResponse describeRules(
      UpdateSecurityGroupRuleDescriptionsIngressRequest request) {
    SecurityGroup group = find(request.groupId(), request.groupName());
    List<IpPermission> rules = new ArrayList<>(Rules.single(group.ipPermissions()));
    for (IpPermission asked : Rules.single(request.ipPermissions())) {
      int index = Rules.indexOf(asked, rules);
      if (index < 0) {
        throw Refusal.ec2(
            "InvalidPermission.NotFound",
            "The specified rule does not exist in this security group.");
      }
      rules.set(index, asked);
    }
    keep(group, rules);
    return UpdateSecurityGroupRuleDescriptionsIngressResponse.builder().returnValue(true).build();
  }

  /** The group of that id, which must be there. */
  SecurityGroup get(String id) {
    SecurityGroup group = region.groups.get(id);
    if (group == null || account.looks.tooEarly("hidden " + id)) {
      throw Refusal.ec2("InvalidGroup.NotFound", "The security group '" + id + "' does not exist");
    }
    return group;
  }

  /** The group of that name, which must be there. */
  SecurityGroup inVpc(String name, String vpc) {
    SecurityGroup group = named(name, vpc).orElse(null);
    if (group == null || account.looks.tooEarly("hidden " + group.groupId())) {
      throw Refusal.ec2(
          "InvalidGroup.NotFound",
          "The security group '" + name + "' does not exist in VPC '" + vpc + "'");
    }
    return group;
  }

  private SecurityGroup find(String id, String name) {
    return id == null ? inVpc(name, region.defaultVpc()) : get(id);
  }

  private Optional<SecurityGroup> named(String name, String vpc) {
    return region.groups.values().stream()
        .filter(group -> group.groupName().equalsIgnoreCase(name) && group.vpcId().equals(vpc))
        .findFirst();
  }

  private List<SecurityGroup> seen() {
    return region.groups.values().stream()
        .filter(group -> !account.looks.tooEarly("hidden " + group.groupId()))
        .toList();
  }

  private boolean isNamedByAnother(SecurityGroup group) {
    return region.groups.values().stream()
        .filter(other -> !other.groupId().equals(group.groupId()))
        .flatMap(other -> other.ipPermissions().stream())
        .flatMap(rule -> rule.userIdGroupPairs().stream())
        .anyMatch(pair -> group.groupId().equals(pair.groupId()));
  }

  private void keep(SecurityGroup group, List<IpPermission> rules) {
    region.groups.put(
        group.groupId(), group.toBuilder().ipPermissions(Rules.merged(rules)).build());
  }
}
