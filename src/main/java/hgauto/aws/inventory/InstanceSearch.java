package hgauto.aws.inventory;

import hgauto.aws.AwsCall;
import hgauto.aws.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfile;

/** Looks for instances in a region, but those that are terminated. */
final class InstanceSearch {
  private static final Filter ALIVE =
      Ec2Filter.of(
          "instance-state-name", "pending", "running", "shutting-down", "stopping", "stopped");

  private static final int PAGE = 1000;

  private final Ec2Client ec2;
  private final String region;

  InstanceSearch(Ec2Client ec2, String region) {
    this.ec2 = ec2;
    this.region = region;
  }

  /** Starts to look for ours, in three calls, since the filters of one know no "or". */
  List<Future<List<Instance>>> start() {
    return List.of(
        Parallel.start(() -> ours(Ec2Filter.OURS)),
        Parallel.start(() -> ours(Ec2Filter.of("tag:Name", Names.LEGACY_WINDOWS_INSTANCE))),
        Parallel.start(
            () ->
                ours(
                    Ec2Filter.of("key-name", Names.KEY_PAIR),
                    Ec2Filter.of("instance.group-name", Names.LINUX_GROUP))));
  }

  /** What those calls found, each instance once, by id. */
  static List<Instance> finish(List<Future<List<Instance>>> started) throws InterruptedException {
    Map<String, Instance> byId = new TreeMap<>();
    for (Future<List<Instance>> call : started) {
      Parallel.get(call).forEach(instance -> byId.put(instance.id(), instance));
    }
    return List.copyOf(byId.values());
  }

  /** Those with this instance profile, whosever they are. */
  List<Instance> withProfile(String arn) {
    return describe(Ec2Filter.of("iam-instance-profile.arn", arn)).stream()
        .map(found -> instance(found, ownership(found).orElse(Ownership.UNKNOWN)))
        .toList();
  }

  private List<Instance> ours(Filter... filters) {
    return describe(filters).stream()
        .flatMap(found -> ownership(found).map(whose -> instance(found, whose)).stream())
        .toList();
  }

  private List<software.amazon.awssdk.services.ec2.model.Instance> describe(Filter... filters) {
    List<Filter> all = new ArrayList<>(List.of(filters));
    all.add(ALIVE);
    DescribeInstancesRequest request =
        DescribeInstancesRequest.builder().filters(all).maxResults(PAGE).build();
    return AwsCall.make(
        "ec2:DescribeInstances",
        "list the instances in " + region,
        () ->
            ec2.describeInstancesPaginator(request).reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .toList());
  }

  /** automation.py named its Windows instances, and left its Linux instances without any tag. */
  private static Optional<Ownership> ownership(
      software.amazon.awssdk.services.ec2.model.Instance found) {
    Tags tags = Tags.of(found.tags());
    boolean legacyWindows = tags.nameOr("").equals(Names.LEGACY_WINDOWS_INSTANCE);
    boolean legacyLinux =
        tags.byKey().isEmpty()
            && Names.KEY_PAIR.equals(found.keyName())
            && found.securityGroups().stream()
                .map(GroupIdentifier::groupName)
                .anyMatch(Names.LINUX_GROUP::equals);
    return tags.ownership()
        .or(() -> Optional.of(Ownership.LEGACY).filter(any -> legacyWindows || legacyLinux));
  }

  private Instance instance(
      software.amazon.awssdk.services.ec2.model.Instance found, Ownership ownership) {
    return new Instance(
        region,
        found.instanceId(),
        Tags.of(found.tags()).nameOr(found.instanceId()),
        ownership,
        found.state().nameAsString(),
        found.launchTime(),
        found.instanceTypeAsString(),
        // EC2 writes it in lower case, other than the SDK's constant.
        "windows".equalsIgnoreCase(found.platformAsString()),
        found.imageId(),
        found.securityGroups().stream().map(GroupIdentifier::groupId).toList(),
        Optional.ofNullable(found.iamInstanceProfile()).map(IamInstanceProfile::arn),
        Optional.ofNullable(found.clientToken()).filter(token -> !token.isEmpty()),
        Optional.ofNullable(found.publicIpAddress()).filter(address -> !address.isEmpty()));
  }
}
