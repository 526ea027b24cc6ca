package hgauto.testbed.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.EbsInstanceBlockDevice;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataOptionsResponse;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataOptionsState;
import software.amazon.awssdk.services.ec2.model.InstanceState;
import software.amazon.awssdk.services.ec2.model.InstanceStateChange;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.ModifyInstanceMetadataOptionsRequest;
import software.amazon.awssdk.services.ec2.model.ModifyInstanceMetadataOptionsResponse;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.StopInstancesRequest;
import software.amazon.awssdk.services.ec2.model.StopInstancesResponse;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Volume;
import software.amazon.awssdk.services.ec2.model.VolumeState;

/** The instances of a region, from their launch on. */
final class FakeInstances {
  private static final Map<InstanceStateName, Integer> CODES =
      Map.of(
          InstanceStateName.PENDING, 0,
          InstanceStateName.RUNNING, 16,
          InstanceStateName.SHUTTING_DOWN, 32,
          InstanceStateName.TERMINATED, 48,
          InstanceStateName.STOPPING, 64,
          InstanceStateName.STOPPED, 80);

  private static final Map<InstanceStateName, InstanceStateName> AFTER =
      Map.of(
          InstanceStateName.PENDING, InstanceStateName.RUNNING,
          InstanceStateName.SHUTTING_DOWN, InstanceStateName.TERMINATED,
          InstanceStateName.STOPPING, InstanceStateName.STOPPED);

  private final FakeState account;
  private final FakeRegion region;

  FakeInstances(FakeState account, FakeRegion region) {
    this.account = account;
    this.region = region;
  }

  static InstanceState state(InstanceStateName name) {
    return InstanceState.builder().name(name).code(CODES.get(name)).build();
  }

  DescribeInstancesResponse describe(DescribeInstancesRequest request) {
    if (request.maxResults() != null && !request.instanceIds().isEmpty()) {
      throw Refusal.ec2(
          "InvalidParameterCombination",
          "The parameter instancesSet cannot be used with the parameter maxResults");
    }
    if (request.maxResults() != null && (request.maxResults() < 5 || request.maxResults() > 1000)) {
      throw Refusal.ec2(
          "InvalidParameterValue",
          "Value ( " + request.maxResults() + " ) for parameter maxResults is invalid");
    }
    List<Instance> asked = request.instanceIds().isEmpty() ? all() : named(request.instanceIds());
    if (request.nextToken() == null) {
      asked = asked.stream().map(this::looked).toList();
    }
    Page<Instance> page =
        Page.of(
            asked.stream().filter(instance -> meets(instance, request)).toList(),
            request.maxResults(),
            request.nextToken());
    return DescribeInstancesResponse.builder()
        .reservations(
            page.items().stream()
                .map(
                    instance ->
                        Reservation.builder()
                            .reservationId(instance.instanceId().replace("i-", "r-"))
                            .ownerId(FakeState.ACCOUNT)
                            .instances(instance)
                            .build())
                .toList())
        .nextToken(page.next())
        .build();
  }

  TerminateInstancesResponse terminate(TerminateInstancesRequest request) {
    if (request.instanceIds().size() > 1000) {
      throw Refusal.ec2(
          "InvalidParameterValue", "at most 1000 instances can be terminated at once");
    }
    List<Instance> all = named(request.instanceIds());
    List<Instance> kept =
        all.stream()
            .filter(instance -> region.protectedInstances.contains(instance.instanceId()))
            .toList();
    List<String> zonesKept =
        kept.stream().map(kept1 -> kept1.placement().availabilityZone()).toList();
    List<InstanceStateChange> changes =
        all.stream()
            .filter(instance -> !zonesKept.contains(instance.placement().availabilityZone()))
            .map(instance -> end(instance, InstanceStateName.SHUTTING_DOWN))
            .toList();
    if (!kept.isEmpty()) {
      throw Refusal.ec2(
          "OperationNotPermitted",
          "The instance '"
              + kept.get(0).instanceId()
              + "' may not be terminated. Modify its 'disableApiTermination' instance attribute and"
              + " try again.");
    }
    return TerminateInstancesResponse.builder().terminatingInstances(changes).build();
  }

  StopInstancesResponse stop(StopInstancesRequest request) {
    return StopInstancesResponse.builder()
        .stoppingInstances(
            named(request.instanceIds()).stream()
                .map(instance -> end(instance, InstanceStateName.STOPPING))
                .toList())
        .build();
  }

  ModifyInstanceMetadataOptionsResponse modifyMetadata(
      ModifyInstanceMetadataOptionsRequest request) {
    Instance instance = named(List.of(request.instanceId())).get(0);
    InstanceStateName state = instance.state().name();
    if (state != InstanceStateName.RUNNING && state != InstanceStateName.STOPPED) {
      throw Refusal.ec2(
          "IncorrectInstanceState",
          "The instance '" + instance.instanceId() + "' is not in a state for that: " + state);
    }
    InstanceMetadataOptionsResponse old = instance.metadataOptions();
    InstanceMetadataOptionsResponse options =
        InstanceMetadataOptionsResponse.builder()
            .state(InstanceMetadataOptionsState.APPLIED)
            .httpEndpoint(
                request.httpEndpoint() == null ? old.httpEndpoint() : request.httpEndpoint())
            .httpTokens(request.httpTokens() == null ? old.httpTokens() : request.httpTokens())
            .httpPutResponseHopLimit(
                request.httpPutResponseHopLimit() == null
                    ? old.httpPutResponseHopLimit()
                    : request.httpPutResponseHopLimit())
            .build();
    keep(instance.toBuilder().metadataOptions(options).build());
    return ModifyInstanceMetadataOptionsResponse.builder()
        .instanceId(instance.instanceId())
        .instanceMetadataOptions(options)
        .build();
  }

  /** Those of the ids; each must be there. It is a look at those that are not to be seen yet. */
  List<Instance> named(List<String> ids) {
    List<String> missing = ids.stream().filter(id -> !seen(id)).toList();
    if (missing.size() == 1) {
      throw Refusal.ec2(
          "InvalidInstanceID.NotFound", "The instance ID '" + missing.get(0) + "' does not exist");
    }
    if (!missing.isEmpty()) {
      throw Refusal.ec2(
          "InvalidInstanceID.NotFound",
          "The instance IDs '" + String.join(", ", missing) + "' do not exist");
    }
    return ids.stream().map(region.instances::get).toList();
  }

  /** Whether an instance that has not ended has the group. This, too, is a look at all. */
  boolean use(String groupId) {
    return all().stream()
        .map(this::looked)
        .filter(instance -> instance.state().name() != InstanceStateName.TERMINATED)
        .flatMap(instance -> instance.securityGroups().stream())
        .anyMatch(group -> group.groupId().equals(groupId));
  }

  private List<Instance> all() {
    return new ArrayList<>(region.instances.keySet())
        .stream().filter(this::seen).map(region.instances::get).toList();
  }

  private boolean seen(String id) {
    return region.instances.containsKey(id) && !account.looks.tooEarly("hidden " + id);
  }

  private Instance looked(Instance instance) {
    InstanceStateName next = AFTER.get(instance.state().name());
    if (next == null || account.looks.tooEarly("changing " + instance.instanceId())) {
      return instance;
    }
    if (next == InstanceStateName.TERMINATED) {
      letGoOfVolumes(instance);
    }
    return keep(instance.toBuilder().state(state(next)).build());
  }

  private void letGoOfVolumes(Instance instance) {
    Map<String, Boolean> goesToo =
        instance.blockDeviceMappings().stream()
            .map(InstanceBlockDeviceMapping::ebs)
            .collect(
                Collectors.toMap(
                    EbsInstanceBlockDevice::volumeId, EbsInstanceBlockDevice::deleteOnTermination));
    goesToo.forEach(
        (id, goes) -> {
          if (goes) {
            region.volumes.remove(id);
          } else {
            region.volumes.computeIfPresent(
                id,
                (key, volume) ->
                    volume.toBuilder().attachments(List.of()).state(VolumeState.AVAILABLE).build());
          }
        });
  }

  private InstanceStateChange end(Instance instance, InstanceStateName by) {
    InstanceState previous = instance.state();
    boolean ended =
        previous.name() == InstanceStateName.TERMINATED
            || previous.name() == InstanceStateName.SHUTTING_DOWN;
    InstanceState current = ended ? previous : state(by);
    if (!ended) {
      account.looks.set("changing " + instance.instanceId(), account.behaviour.ending);
      keep(instance.toBuilder().state(current).build());
    }
    return InstanceStateChange.builder()
        .instanceId(instance.instanceId())
        .previousState(previous)
        .currentState(current)
        .build();
  }

  private Instance keep(Instance instance) {
    region.instances.put(instance.instanceId(), instance);
    return instance;
  }

  private static boolean meets(Instance instance, DescribeInstancesRequest request) {
    List<GroupIdentifier> groups = instance.securityGroups();
    return Filters.met(
        request.filters(),
        instance.tags(),
        Map.of(
            "instance-id", Filters.values(instance.instanceId()),
            "instance-state-name", Filters.values(instance.state().nameAsString()),
            "instance-type", Filters.values(instance.instanceTypeAsString()),
            "key-name", Filters.values(instance.keyName()),
            "instance.group-name", groups.stream().map(GroupIdentifier::groupName).toList(),
            "instance.group-id", groups.stream().map(GroupIdentifier::groupId).toList(),
            "client-token", Filters.values(instance.clientToken()),
            "image-id", Filters.values(instance.imageId()),
            "vpc-id", Filters.values(instance.vpcId()),
            "iam-instance-profile.arn",
                instance.iamInstanceProfile() == null
                    ? List.of()
                    : List.of(instance.iamInstanceProfile().arn())));
  }

  List<Volume> volumesOf(Instance instance) {
    return instance.blockDeviceMappings().stream()
        .map(mapping -> region.volumes.get(mapping.ebs().volumeId()))
        .toList();
  }
}
