package hgauto.testbed.aws;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.AvailabilityZoneState;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.CreateTagsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeRegionsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRegionsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsResponse;
import software.amazon.awssdk.services.ec2.model.Region;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Vpc;

/** What instances are in: regions, zones, subnets and networks; and the tags of all things. */
final class FakeNetwork {
  private final FakeState account;
  private final FakeRegion region;

  FakeNetwork(FakeState account, FakeRegion region) {
    this.account = account;
    this.region = region;
  }

  DescribeRegionsResponse describeRegions(DescribeRegionsRequest request) {
    return DescribeRegionsResponse.builder()
        .regions(
            account.regions.keySet().stream()
                .filter(
                    name -> request.regionNames().isEmpty() || request.regionNames().contains(name))
                .map(
                    name ->
                        Region.builder()
                            .regionName(name)
                            .endpoint("ec2." + name + ".amazonaws.com")
                            .optInStatus("opt-in-not-required")
                            .build())
                .toList())
        .build();
  }

  DescribeAvailabilityZonesResponse describeZones(DescribeAvailabilityZonesRequest request) {
    return DescribeAvailabilityZonesResponse.builder()
        .availabilityZones(
            region.zones().stream()
                .filter(
                    zone ->
                        Filters.met(
                            request.filters(),
                            List.of(),
                            Map.of(
                                "zone-name", List.of(zone),
                                "state", List.of("available"),
                                "zone-type", List.of("availability-zone"),
                                "region-name", List.of(region.name))))
                .map(
                    zone ->
                        AvailabilityZone.builder()
                            .zoneName(zone)
                            .regionName(region.name)
                            .zoneType("availability-zone")
                            .state(AvailabilityZoneState.AVAILABLE)
                            .build())
                .toList())
        .build();
  }

  DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
    List<Subnet> asked =
        asked(request.subnetIds(), region.subnets, "InvalidSubnetID.NotFound", "subnet");
    return DescribeSubnetsResponse.builder()
        .subnets(
            asked.stream()
                .filter(
                    subnet ->
                        Filters.met(
                            request.filters(),
                            subnet.tags(),
                            Map.of(
                                "subnet-id", List.of(subnet.subnetId()),
                                "vpc-id", List.of(subnet.vpcId()),
                                "state", List.of(subnet.stateAsString()),
                                "availability-zone", List.of(subnet.availabilityZone()),
                                "default-for-az", List.of(subnet.defaultForAz().toString()))))
                .toList())
        .build();
  }

  DescribeVpcsResponse describeVpcs(DescribeVpcsRequest request) {
    List<Vpc> asked = asked(request.vpcIds(), region.vpcs, "InvalidVpcID.NotFound", "vpc");
    return DescribeVpcsResponse.builder()
        .vpcs(
            asked.stream()
                .filter(
                    vpc ->
                        Filters.met(
                            request.filters(),
                            vpc.tags(),
                            Map.of(
                                "vpc-id", List.of(vpc.vpcId()),
                                "is-default", List.of(vpc.isDefault().toString()),
                                "isDefault", List.of(vpc.isDefault().toString()))))
                .toList())
        .build();
  }

  CreateTagsResponse createTags(CreateTagsRequest request) {
    Collection<String> missing = request.resources().stream().filter(id -> !isThere(id)).toList();
    if (!missing.isEmpty()) {
      throw Refusal.ec2("InvalidID", "The ID '" + String.join(", ", missing) + "' is not valid");
    }
    request.resources().forEach(id -> tag(id, request.tags()));
    return CreateTagsResponse.builder().build();
  }

  private static <T> List<T> asked(List<String> ids, Map<String, T> all, String code, String kind) {
    ids.stream()
        .filter(id -> !all.containsKey(id))
        .findFirst()
        .ifPresent(
            id -> {
              throw Refusal.ec2(code, "The " + kind + " ID '" + id + "' does not exist");
            });
    return ids.isEmpty() ? List.copyOf(all.values()) : ids.stream().map(all::get).toList();
  }

  private boolean isThere(String id) {
    return (region.instances.containsKey(id) && !account.looks.tooEarly("hidden " + id))
        || region.images.containsKey(id)
        || region.snapshots.containsKey(id)
        || region.volumes.containsKey(id)
        || (region.groups.containsKey(id) && !account.looks.tooEarly("hidden " + id))
        || region.keyPairs.values().stream().anyMatch(key -> key.keyPairId().equals(id));
  }

  private void tag(String id, List<Tag> tags) {
    region.instances.computeIfPresent(
        id, (key, old) -> old.toBuilder().tags(Tags.merged(old.tags(), tags)).build());
    region.images.computeIfPresent(
        id, (key, old) -> old.toBuilder().tags(Tags.merged(old.tags(), tags)).build());
    region.snapshots.computeIfPresent(
        id, (key, old) -> old.toBuilder().tags(Tags.merged(old.tags(), tags)).build());
    region.volumes.computeIfPresent(
        id, (key, old) -> old.toBuilder().tags(Tags.merged(old.tags(), tags)).build());
    region.groups.computeIfPresent(
        id, (key, old) -> old.toBuilder().tags(Tags.merged(old.tags(), tags)).build());
    region.keyPairs.replaceAll(
        (name, old) ->
            old.keyPairId().equals(id)
                ? old.toBuilder().tags(Tags.merged(old.tags(), tags)).build()
                : old);
  }
}
