package hgauto.testbed.aws;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.EbsBlockDevice;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.InstanceLifecycleType;
import software.amazon.awssdk.services.ec2.model.InstanceMarketOptionsRequest;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataEndpointState;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataOptionsRequest;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataOptionsState;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Volume;
import software.amazon.awssdk.services.ec2.model.VolumeAttachment;
import software.amazon.awssdk.services.ec2.model.VolumeState;
import software.amazon.awssdk.services.iam.model.InstanceProfile;

/** RunInstances. */
final class FakeLaunch {
  private final FakeState account;
  private final FakeRegion region;
  private final FakeSecurityGroups groups;

  FakeLaunch(FakeState account, FakeRegion region, FakeSecurityGroups groups) {
    this.account = account;
    this.region = region;
    this.groups = groups;
  }

  RunInstancesResponse run(RunInstancesRequest withConfiguration) {
    RunInstancesRequest request =
        withConfiguration.toBuilder()
            .overrideConfiguration((AwsRequestOverrideConfiguration) null)
            .build();
    String token = request.clientToken();
    FakeRegion.Launch earlier = token == null ? null : region.launches.get(token);
    if (earlier != null && !earlier.request().equals(request)) {
      throw Refusal.ec2(
          "IdempotentParameterMismatch",
          "The client token '"
              + token
              + "' was already used with different request parameters (Request sent with same client"
              + " token but different parameters).");
    }
    List<String> ids = earlier == null ? launch(request) : earlier.instances();
    if (token != null) {
      region.launches.put(token, new FakeRegion.Launch(request, ids));
    }
    return RunInstancesResponse.builder()
        .ownerId(FakeState.ACCOUNT)
        .instances(ids.stream().map(region.instances::get).filter(Objects::nonNull).toList())
        .build();
  }

  private List<String> launch(RunInstancesRequest request) {
    Image image = image(request.imageId());
    if (request.keyName() != null && !region.keyPairs.containsKey(request.keyName())) {
      throw Refusal.ec2(
          "InvalidKeyPair.NotFound", "The key pair '" + request.keyName() + "' does not exist");
    }
    checkUserData(request.userData());
    Optional<InstanceProfile> profile = profile(request);
    Subnet subnet = subnet(request);
    List<SecurityGroup> used = groups(request, subnet.vpcId());
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < request.maxCount(); i++) {
      ids.add(launchOne(request, image, subnet, used, profile));
    }
    return List.copyOf(ids);
  }

  private String launchOne(
      RunInstancesRequest request,
      Image image,
      Subnet subnet,
      List<SecurityGroup> used,
      Optional<InstanceProfile> profile) {
    String id = account.newId("i");
    long number = account.newNumber();
    Instance.Builder instance =
        Instance.builder()
            .instanceId(id)
            .imageId(image.imageId())
            .instanceType(request.instanceType())
            .keyName(request.keyName())
            .clientToken(request.clientToken())
            .launchTime(account.clock.instant())
            .state(FakeInstances.state(InstanceStateName.PENDING))
            .placement(p -> p.availabilityZone(subnet.availabilityZone()))
            .platform(image.platformAsString())
            .rootDeviceName(image.rootDeviceName())
            .vpcId(subnet.vpcId())
            .subnetId(subnet.subnetId())
            .privateIpAddress("172.31.0." + number % 250)
            .publicIpAddress("198.51.100." + number % 250)
            .publicDnsName("ec2-198-51-100-" + number % 250 + ".compute.amazonaws.com")
            .tags(Tags.of(request.tagSpecifications(), ResourceType.INSTANCE))
            .blockDeviceMappings(volumes(request, image, id, subnet.availabilityZone()))
            .securityGroups(
                used.stream()
                    .map(
                        group ->
                            GroupIdentifier.builder()
                                .groupId(group.groupId())
                                .groupName(group.groupName())
                                .build())
                    .toList());
    InstanceMetadataOptionsRequest options = request.metadataOptions();
    instance.metadataOptions(
        o ->
            o.state(InstanceMetadataOptionsState.APPLIED)
                .httpTokens(options == null ? "optional" : options.httpTokensAsString())
                .httpEndpoint(
                    options == null || options.httpEndpoint() == null
                        ? InstanceMetadataEndpointState.ENABLED
                        : options.httpEndpoint())
                .httpPutResponseHopLimit(
                    options == null ? null : options.httpPutResponseHopLimit()));
    InstanceMarketOptionsRequest market = request.instanceMarketOptions();
    if (market != null && market.marketType() == MarketType.SPOT) {
      instance
          .instanceLifecycle(InstanceLifecycleType.SPOT)
          .spotInstanceRequestId(account.newId("sir"));
    }
    profile.ifPresent(
        p -> instance.iamInstanceProfile(i -> i.arn(p.arn()).id(p.instanceProfileId())));
    region.instances.put(id, instance.build());
    if (request.userData() != null) {
      region.userData.put(id, request.userData());
    }
    if (Boolean.TRUE.equals(request.disableApiTermination())) {
      region.protectedInstances.add(id);
    }
    account.looks.set("hidden " + id, account.behaviour.instancesHidden);
    account.looks.set("changing " + id, account.behaviour.pending);
    return id;
  }

  private Image image(String id) {
    Image image = region.images.get(id);
    if (image == null) {
      throw Refusal.ec2("InvalidAMIID.NotFound", "The image id '[" + id + "]' does not exist");
    }
    if (image.state() != ImageState.AVAILABLE) {
      throw Refusal.ec2("InvalidAMIID.Unavailable", "The image ID '" + id + "' is not available");
    }
    return image;
  }

  private static void checkUserData(String userData) {
    try {
      Base64.getDecoder().decode(userData == null ? "" : userData);
    } catch (IllegalArgumentException e) {
      throw Refusal.ec2("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
    }
  }

  private Optional<InstanceProfile> profile(RunInstancesRequest request) {
    if (request.iamInstanceProfile() == null) {
      return Optional.empty();
    }
    String name = request.iamInstanceProfile().name();
    String arn = request.iamInstanceProfile().arn();
    Optional<InstanceProfile> found =
        account.profiles.values().stream()
            .filter(p -> p.instanceProfileName().equals(name) || p.arn().equals(arn))
            .findFirst();
    if (found.isEmpty()
        || !account.profileRoles.containsKey(found.get().instanceProfileName())
        || account.looks.tooEarly("refused " + found.get().instanceProfileName())) {
      String field = name == null ? "arn" : "name";
      throw Refusal.ec2(
          "InvalidParameterValue",
          "Value ("
              + (name == null ? arn : name)
              + ") for parameter iamInstanceProfile."
              + field
              + " is invalid. Invalid IAM Instance Profile "
              + field);
    }
    return found;
  }

  /** Where it is to be; without a wish, in the first zone that has room. */
  private Subnet subnet(RunInstancesRequest request) {
    String id =
        request.networkInterfaces().isEmpty()
            ? request.subnetId()
            : request.networkInterfaces().get(0).subnetId();
    String zone = request.placement() == null ? null : request.placement().availabilityZone();
    if (id != null && !region.subnets.containsKey(id)) {
      throw Refusal.ec2("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
    }
    if (id == null && region.defaultVpc() == null) {
      throw Refusal.ec2("VPCIdNotSpecified", "No default VPC for this user");
    }
    List<Subnet> possible =
        region.subnets.values().stream()
            .filter(
                subnet ->
                    id == null
                        ? subnet.defaultForAz()
                            && (zone == null || zone.equals(subnet.availabilityZone()))
                        : id.equals(subnet.subnetId()))
            .toList();
    if (possible.isEmpty()) {
      throw Refusal.ec2("InvalidParameterValue", "Invalid availability zone: [" + zone + "]");
    }
    String type = request.instanceTypeAsString();
    return possible.stream()
        .filter(s -> account.behaviour.limit(type, s.availabilityZone()).isEmpty())
        .findFirst()
        .orElseThrow(() -> noRoom(type, possible.get(0).availabilityZone()));
  }

  private RuntimeException noRoom(String type, String zone) {
    return Refusal.ec2(
        account.behaviour.limit(type, zone).orElseThrow(),
        "There is no room for " + type + " in the Availability Zone you requested (" + zone + ").");
  }

  private List<SecurityGroup> groups(RunInstancesRequest request, String vpc) {
    List<InstanceNetworkInterfaceSpecification> interfaces = request.networkInterfaces();
    Stream<SecurityGroup> named =
        request.securityGroups().stream().map(name -> groups.inVpc(name, vpc));
    Stream<SecurityGroup> byId =
        Stream.concat(
                request.securityGroupIds().stream(),
                interfaces.stream().flatMap(one -> one.groups().stream()))
            .map(groups::get);
    List<SecurityGroup> found = Stream.concat(named, byId).toList();
    return found.isEmpty() ? List.of(groups.inVpc("default", vpc)) : found;
  }

  private List<InstanceBlockDeviceMapping> volumes(
      RunInstancesRequest request, Image image, String instance, String zone) {
    Map<String, EbsBlockDevice> devices = new LinkedHashMap<>();
    for (BlockDeviceMapping mapping : image.blockDeviceMappings()) {
      devices.put(mapping.deviceName(), mapping.ebs());
    }
    for (BlockDeviceMapping mapping : request.blockDeviceMappings()) {
      devices.put(mapping.deviceName(), mapping.ebs());
    }
    List<InstanceBlockDeviceMapping> made = new ArrayList<>();
    devices.forEach(
        (device, ebs) -> {
          String id = account.newId("vol");
          region.volumes.put(
              id,
              Volume.builder()
                  .volumeId(id)
                  .size(ebs.volumeSize() == null ? 8 : ebs.volumeSize())
                  .volumeType(ebs.volumeType())
                  .encrypted(ebs.encrypted())
                  .snapshotId(ebs.snapshotId())
                  .availabilityZone(zone)
                  .createTime(account.clock.instant())
                  .state(VolumeState.IN_USE)
                  .attachments(
                      VolumeAttachment.builder()
                          .instanceId(instance)
                          .device(device)
                          .volumeId(id)
                          .build())
                  .tags(Tags.of(request.tagSpecifications(), ResourceType.VOLUME))
                  .build());
          boolean goes = !Boolean.FALSE.equals(ebs.deleteOnTermination());
          made.add(
              InstanceBlockDeviceMapping.builder()
                  .deviceName(device)
                  .ebs(
                      e ->
                          e.volumeId(id)
                              .status(AttachmentStatus.ATTACHED)
                              .deleteOnTermination(goes))
                  .build());
        });
    return made;
  }
}
