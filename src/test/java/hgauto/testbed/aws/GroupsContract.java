package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static hgauto.testbed.aws.AccountUnderTest.tags;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** What production code relies on about security groups and the network around them. */
interface GroupsContract extends AccountUnderTest {
  private String create(String name) {
    return ec2().createSecurityGroup(r -> r.groupName(name).description("d")).groupId();
  }

  private SecurityGroup group(String id) {
    return ec2().describeSecurityGroups(r -> r.groupIds(id)).securityGroups().get(0);
  }

  private static IpPermission ssh(String... cidrs) {
    return IpPermission.builder()
        .ipProtocol("tcp")
        .fromPort(22)
        .toPort(22)
        .ipRanges(
            List.of(cidrs).stream()
                .map(cidr -> IpRange.builder().cidrIp(cidr).description("for " + cidr).build())
                .toList())
        .build();
  }

  @Test
  default void groupIsFoundByNameAndNetwork() {
    String vpc =
        ec2()
            .describeVpcs(
                r -> r.filters(Filter.builder().name("is-default").values("true").build()))
            .vpcs()
            .get(0)
            .vpcId();
    String id =
        ec2()
            .createSecurityGroup(
                r ->
                    r.groupName("hg-linux-dev-1")
                        .description("for Linux")
                        .vpcId(vpc)
                        .tagSpecifications(tags(ResourceType.SECURITY_GROUP, "k", "v")))
            .groupId();
    create("other");
    assertThat(
            ec2()
                .describeSecurityGroups(
                    r ->
                        r.filters(
                            Filter.builder().name("group-name").values("hg-*").build(),
                            Filter.builder().name("vpc-id").values(vpc).build()))
                .securityGroups())
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.groupId()).isEqualTo(id);
              assertThat(group.description()).isEqualTo("for Linux");
              assertThat(group.vpcId()).isEqualTo(vpc);
              assertThat(group.tags()).containsExactly(Tags.tag("k", "v"));
              assertThat(group.ipPermissions()).isEmpty();
            });
  }

  @Test
  default void nameIsTakenOnceInANetwork() {
    create("g");
    assertRefused("InvalidGroup.Duplicate", () -> create("g"));
  }

  @Test
  @MotoLacks("names that differ in case are two names")
  default void namesThatDifferInCaseAreTheSame() {
    create("g");
    assertRefused("InvalidGroup.Duplicate", () -> create("G"));
  }

  @Test
  default void rulesOfTheSamePortsAreShownTogether() {
    String id = create("g");
    ec2().authorizeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(ssh("192.0.2.1/32")));
    ec2()
        .authorizeSecurityGroupIngress(
            r -> r.groupId(id).ipPermissions(ssh("192.0.2.2/32", "192.0.2.3/32")));
    assertThat(group(id).ipPermissions())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.fromPort()).isEqualTo(22);
              assertThat(rule.toPort()).isEqualTo(22);
              assertThat(rule.ipProtocol()).isEqualTo("tcp");
              assertThat(rule.ipRanges())
                  .containsExactlyInAnyOrderElementsOf(
                      ssh("192.0.2.1/32", "192.0.2.2/32", "192.0.2.3/32").ipRanges());
            });
  }

  @Test
  default void ruleIsThereOnce() {
    String id = create("g");
    ec2().authorizeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(ssh("192.0.2.1/32")));
    assertRefused(
        "InvalidPermission.Duplicate",
        () ->
            ec2()
                .authorizeSecurityGroupIngress(
                    r -> r.groupId(id).ipPermissions(ssh("192.0.2.1/32"))));
  }

  @Test
  default void ruleIsRevoked() {
    String id = create("g");
    ec2()
        .authorizeSecurityGroupIngress(
            r -> r.groupId(id).ipPermissions(ssh("192.0.2.1/32", "192.0.2.2/32")));
    ec2().revokeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(ssh("192.0.2.1/32")));
    assertThat(group(id).ipPermissions().get(0).ipRanges())
        .extracting(IpRange::cidrIp)
        .containsExactly("192.0.2.2/32");
    assertRefused(
        "InvalidPermission.NotFound",
        () ->
            ec2()
                .revokeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(ssh("192.0.2.9/32"))));
  }

  @Test
  default void ruleIsDescribedAnew() {
    String id = create("g");
    ec2()
        .authorizeSecurityGroupIngress(
            r -> r.groupId(id).ipPermissions(ssh("192.0.2.1/32", "192.0.2.2/32")));
    IpRange anew = IpRange.builder().cidrIp("192.0.2.2/32").description("anew").build();
    IpPermission rule = ssh("192.0.2.2/32").toBuilder().ipRanges(anew).build();
    ec2().updateSecurityGroupRuleDescriptionsIngress(r -> r.groupId(id).ipPermissions(rule));
    assertThat(group(id).ipPermissions().get(0).ipRanges())
        .filteredOn(range -> "anew".equals(range.description()))
        .extracting(IpRange::cidrIp)
        .containsExactly("192.0.2.2/32");
  }

  @Test
  default void groupThatIsNotThereIsNotFound() {
    String missing = "sg-0123456789abcdef0";
    assertRefused("InvalidGroup.NotFound", () -> group(missing));
    assertRefused(
        "InvalidGroup.NotFound", () -> ec2().deleteSecurityGroup(r -> r.groupId(missing)));
    assertThat(
            ec2()
                .describeSecurityGroups(
                    r -> r.filters(Filter.builder().name("group-id").values(missing).build()))
                .securityGroups())
        .isEmpty();
  }

  @Test
  default void groupIsDeletedOnceItsInstancesHaveEnded() {
    String group = create("g");
    String instance = launch(r -> r.securityGroupIds(group)).instanceId();
    assertRefused("DependencyViolation", () -> ec2().deleteSecurityGroup(r -> r.groupId(group)));
    ec2().terminateInstances(r -> r.instanceIds(instance));
    now(instance);
    ec2().deleteSecurityGroup(r -> r.groupId(group));
    assertRefused("InvalidGroup.NotFound", () -> group(group));
  }

  @Test
  default void networkHasASubnetInEachZone() {
    assertThat(ec2().describeRegions(r -> {}).regions())
        .anyMatch(region -> region.regionName().equals(REGION));
    List<String> zones =
        ec2().describeAvailabilityZones(r -> {}).availabilityZones().stream()
            .map(zone -> zone.zoneName())
            .toList();
    assertThat(zones).hasSizeGreaterThan(1).allMatch(zone -> zone.startsWith(REGION));
    assertThat(
            ec2()
                .describeSubnets(
                    r -> r.filters(Filter.builder().name("default-for-az").values("true").build()))
                .subnets())
        .extracting(subnet -> subnet.availabilityZone())
        .containsExactlyInAnyOrderElementsOf(zones);
    assertThat(
            launch(r -> r.placement(p -> p.availabilityZone(zones.get(1))))
                .placement()
                .availabilityZone())
        .isEqualTo(zones.get(1));
  }
}
