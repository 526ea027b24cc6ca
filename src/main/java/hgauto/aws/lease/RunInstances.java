package hgauto.aws.lease;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.aws.Owner;
import hgauto.aws.inventory.Ownership;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.HttpTokensState;
import software.amazon.awssdk.services.ec2.model.InstanceInterruptionBehavior;
import software.amazon.awssdk.services.ec2.model.InstanceMarketOptionsRequest;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataEndpointState;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.ShutdownBehavior;
import software.amazon.awssdk.services.ec2.model.SpotInstanceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.VolumeType;

/** The request that launches one instance of a lease. */
final class RunInstances {
  private RunInstances() {}

  /** The same for the same arguments, so that it may be repeated with its client token. */
  static RunInstancesRequest of(
      LaunchRequest wanted, LeaseEntry entry, String type, Optional<String> zone) {
    RunInstancesRequest.Builder request =
        RunInstancesRequest.builder()
            .clientToken(entry.token())
            .minCount(1)
            .maxCount(1)
            .imageId(wanted.imageId())
            .instanceType(type)
            .keyName(wanted.keyName())
            .instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE)
            .metadataOptions(
                m ->
                    m.httpEndpoint(InstanceMetadataEndpointState.ENABLED)
                        .httpTokens(HttpTokensState.REQUIRED)
                        .httpPutResponseHopLimit(1))
            .blockDeviceMappings(wanted.disks().stream().map(RunInstances::mapping).toList())
            .tagSpecifications(tagged(wanted).map(kind -> tags(kind, entry)).toList())
            .userData(base64(wanted.userData().until(entry.expires())));
    zone.ifPresent(name -> request.placement(p -> p.availabilityZone(name)));
    wanted.profile().ifPresent(name -> request.iamInstanceProfile(p -> p.name(name)));
    if (wanted.spot()) {
      request.instanceMarketOptions(spot());
    }
    wanted
        .subnet()
        .ifPresentOrElse(
            subnet -> request.networkInterfaces(attached(subnet, wanted.securityGroupIds())),
            () -> request.securityGroupIds(wanted.securityGroupIds()));
    return request.build();
  }

  private static Stream<ResourceType> tagged(LaunchRequest wanted) {
    Stream<ResourceType> always = Stream.of(ResourceType.INSTANCE, ResourceType.VOLUME);
    return wanted.spot()
        ? Stream.concat(always, Stream.of(ResourceType.SPOT_INSTANCES_REQUEST))
        : always;
  }

  /** Without a price of our own, the most it can cost is what it costs on demand. */
  private static InstanceMarketOptionsRequest spot() {
    return InstanceMarketOptionsRequest.builder()
        .marketType(MarketType.SPOT)
        .spotOptions(
            s ->
                s.spotInstanceType(SpotInstanceType.ONE_TIME)
                    .instanceInterruptionBehavior(InstanceInterruptionBehavior.TERMINATE))
        .build();
  }

  /** Unlike those of the default network, most subnets give no public address unasked. */
  private static InstanceNetworkInterfaceSpecification attached(
      String subnet, List<String> groups) {
    return InstanceNetworkInterfaceSpecification.builder()
        .deviceIndex(0)
        .subnetId(subnet)
        .groups(groups)
        .associatePublicIpAddress(true)
        .build();
  }

  private static BlockDeviceMapping mapping(Disk disk) {
    return BlockDeviceMapping.builder()
        .deviceName(disk.device())
        .ebs(
            e ->
                e.volumeSize(disk.gib())
                    .volumeType(VolumeType.GP3)
                    .encrypted(true)
                    .deleteOnTermination(true))
        .build();
  }

  private static TagSpecification tags(ResourceType type, LeaseEntry entry) {
    Map<String, String> tags =
        new TreeMap<>(
            Map.of(
                "Name",
                entry.name(),
                Owner.TAG,
                entry.owner(),
                Ownership.RUN_TAG,
                entry.run(),
                Ownership.EXPIRES_TAG,
                entry.expires().toString()));
    return TagSpecification.builder()
        .resourceType(type)
        .tags(
            tags.entrySet().stream()
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList())
        .build();
  }

  /** The SDK does not encode it. */
  private static String base64(String userData) {
    return Base64.getEncoder().encodeToString(userData.getBytes(UTF_8));
  }
}
