package hgauto.testbed.aws;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.SnapshotState;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Volume;
import software.amazon.awssdk.services.ec2.model.VolumeState;

/**
 * What is in a region of the fake account, as it is, whatever may be hidden from calls; and the way
 * for a test to put things there that were there before, or that others put there. Nothing here is
 * a call.
 */
public final class Contents {
  private final FakeState account;
  private final FakeRegion region;

  Contents(FakeState account, FakeRegion region) {
    this.account = account;
    this.region = region;
  }

  /** All instances, those that have ended too. */
  public List<Instance> instances() {
    return all(region.instances::values);
  }

  /** The instances that cost money: all that are not ended, nor on their way there. */
  public List<Instance> alive() {
    return instances().stream()
        .filter(
            instance ->
                instance.state().name() != InstanceStateName.TERMINATED
                    && instance.state().name() != InstanceStateName.SHUTTING_DOWN)
        .toList();
  }

  /** All images, those of others too. */
  public List<Image> images() {
    return all(region.images::values);
  }

  /** All snapshots, those of others too. */
  public List<Snapshot> snapshots() {
    return all(region.snapshots::values);
  }

  /** All volumes. */
  public List<Volume> volumes() {
    return all(region.volumes::values);
  }

  /** All key pairs, with their public keys. */
  public List<KeyPairInfo> keyPairs() {
    return all(region.keyPairs::values);
  }

  /** All security groups, with the one that every network has. */
  public List<SecurityGroup> groups() {
    return all(region.groups::values);
  }

  /** The user data that an instance was launched with, in Base64; null if there was none. */
  public String userData(String instance) {
    synchronized (account) {
      return region.userData.get(instance);
    }
  }

  /**
   * Puts an instance there: a running one, an hour old, of type t3.medium, in the default group.
   *
   * @param change what is different about it
   * @return its id
   */
  public String putInstance(Consumer<Instance.Builder> change) {
    synchronized (account) {
      Subnet subnet = region.subnets.values().iterator().next();
      SecurityGroup group = region.groups.values().iterator().next();
      Instance.Builder instance =
          Instance.builder()
              .instanceId(account.newId("i"))
              .imageId("ami-0123456789abcdef0")
              .instanceType(InstanceType.T3_MEDIUM)
              .launchTime(account.clock.instant().minusSeconds(3600))
              .state(FakeInstances.state(InstanceStateName.RUNNING))
              .placement(p -> p.availabilityZone(subnet.availabilityZone()))
              .metadataOptions(o -> o.httpEndpoint("enabled").httpTokens("optional"))
              .vpcId(subnet.vpcId())
              .subnetId(subnet.subnetId())
              .securityGroups(identifier(group));
      change.accept(instance);
      Instance made = instance.build();
      region.instances.put(made.instanceId(), made);
      return made.instanceId();
    }
  }

  /** A Windows instance as automation.py launches it: tagged with its name, and no owner. */
  public String putWindowsOfAutomation() {
    SecurityGroup group = group("hg-windows-dev-1");
    return putInstance(
        i ->
            i.platform("windows")
                .keyName("hg-automation")
                .securityGroups(identifier(group))
                .tags(Tags.tag("Name", "hg-temp-windows")));
  }

  /** A Linux instance as automation.py launches it: without any tag. */
  public String putLinuxOfAutomation() {
    SecurityGroup group = group("hg-linux-dev-1");
    return putInstance(
        i ->
            i.instanceType("c5.9xlarge")
                .keyName("hg-automation")
                .securityGroups(identifier(group)));
  }

  /** The security group of that name in the default network; made if it is not there. */
  public SecurityGroup group(String name) {
    synchronized (account) {
      return region.groups.values().stream()
          .filter(group -> group.groupName().equals(name))
          .findFirst()
          .orElseGet(() -> putGroup(name));
    }
  }

  private SecurityGroup putGroup(String name) {
    SecurityGroup group =
        SecurityGroup.builder()
            .groupId(account.newId("sg"))
            .groupName(name)
            .description(name)
            .vpcId(region.defaultVpc())
            .ownerId(FakeState.ACCOUNT)
            .build();
    region.groups.put(group.groupId(), group);
    return group;
  }

  /**
   * Changes a security group.
   *
   * @param id of the group, which must be there
   */
  public void changeGroup(String id, Consumer<SecurityGroup.Builder> change) {
    synchronized (account) {
      SecurityGroup.Builder group = region.groups.get(id).toBuilder();
      change.accept(group);
      region.groups.put(id, group.build());
    }
  }

  /** Puts a network there that is not the default, with one subnet, and gives the subnet's id. */
  public String putSubnet() {
    synchronized (account) {
      return region.addNetwork(account, false, List.of(region.zones().get(0)));
    }
  }

  /**
   * Puts an image there, available, of this account, an hour old, with one snapshot of 10 GiB.
   *
   * @param change what is different about it
   * @return its id
   */
  public String putImage(String name, Consumer<Image.Builder> change) {
    synchronized (account) {
      String snapshot = putSnapshot(s -> s.description("Created by CreateImage for " + name));
      Image.Builder image =
          Image.builder()
              .imageId(account.newId("ami"))
              .name(name)
              .ownerId(FakeState.ACCOUNT)
              .state(ImageState.AVAILABLE)
              .creationDate(account.clock.instant().minusSeconds(3600).toString())
              .architecture("x86_64")
              .rootDeviceName("/dev/sda1")
              .blockDeviceMappings(
                  BlockDeviceMapping.builder()
                      .deviceName("/dev/sda1")
                      .ebs(e -> e.snapshotId(snapshot).volumeSize(10).volumeType("gp2"))
                      .build());
      change.accept(image);
      Image made = image.build();
      region.images.put(made.imageId(), made);
      if (!made.ownerId().equals(FakeState.ACCOUNT)) {
        region.snapshots.computeIfPresent(
            snapshot, (id, old) -> old.toBuilder().ownerId(made.ownerId()).build());
      }
      return made.imageId();
    }
  }

  /**
   * Puts a snapshot there, complete, of this account, an hour old, of 10 GiB.
   *
   * @param change what is different about it
   * @return its id
   */
  public String putSnapshot(Consumer<Snapshot.Builder> change) {
    synchronized (account) {
      Snapshot.Builder snapshot =
          Snapshot.builder()
              .snapshotId(account.newId("snap"))
              .ownerId(FakeState.ACCOUNT)
              .state(SnapshotState.COMPLETED)
              .startTime(account.clock.instant().minusSeconds(3600))
              .volumeId("vol-ffffffff")
              .volumeSize(10);
      change.accept(snapshot);
      Snapshot made = snapshot.build();
      region.snapshots.put(made.snapshotId(), made);
      return made.snapshotId();
    }
  }

  /**
   * Puts a volume there, attached to nothing, an hour old, of 10 GiB.
   *
   * @param change what is different about it
   * @return its id
   */
  public String putVolume(Consumer<Volume.Builder> change) {
    synchronized (account) {
      Volume.Builder volume =
          Volume.builder()
              .volumeId(account.newId("vol"))
              .state(VolumeState.AVAILABLE)
              .availabilityZone(region.zones().get(0))
              .createTime(account.clock.instant().minusSeconds(3600))
              .volumeType("gp3")
              .size(10);
      change.accept(volume);
      Volume made = volume.build();
      region.volumes.put(made.volumeId(), made);
      return made.volumeId();
    }
  }

  /**
   * Puts a key pair there.
   *
   * @param change what is different about it
   */
  public void putKeyPair(String name, String fingerprint, Consumer<KeyPairInfo.Builder> change) {
    synchronized (account) {
      KeyPairInfo.Builder key =
          KeyPairInfo.builder()
              .keyName(name)
              .keyPairId(account.newId("key"))
              .keyFingerprint(fingerprint)
              .keyType("rsa")
              .createTime(account.clock.instant().minusSeconds(3600));
      change.accept(key);
      region.keyPairs.put(name, key.build());
    }
  }

  /** Sets a parameter of Systems Manager, such as those that name AWS's own images. */
  public void putParameter(String name, String value) {
    synchronized (account) {
      region.parameters.put(name, value);
    }
  }

  /** Sets tags of an instance. */
  public void tag(String instance, Map<String, String> tags) {
    List<Tag> changed =
        tags.entrySet().stream().map(tag -> Tags.tag(tag.getKey(), tag.getValue())).toList();
    synchronized (account) {
      region.instances.computeIfPresent(
          instance, (id, old) -> old.toBuilder().tags(Tags.merged(old.tags(), changed)).build());
    }
  }

  /** From now on the instance cannot be terminated. */
  public void protect(String instance) {
    synchronized (account) {
      region.protectedInstances.add(instance);
    }
  }

  /** EC2 takes a spot instance back. */
  public void interrupt(String instance) {
    synchronized (account) {
      region.instances.computeIfPresent(
          instance,
          (id, old) ->
              old.toBuilder()
                  .state(FakeInstances.state(InstanceStateName.SHUTTING_DOWN))
                  .stateReason(
                      r ->
                          r.code("Server.SpotInstanceTermination")
                              .message("Server.SpotInstanceTermination: Spot instance termination"))
                  .build());
    }
  }

  /** Whatever has this id or is the key pair of this name is gone, as if it had never been. */
  public void vanish(String id) {
    synchronized (account) {
      region.instances.remove(id);
      region.images.remove(id);
      region.snapshots.remove(id);
      region.volumes.remove(id);
      region.groups.remove(id);
      region.keyPairs.remove(id);
    }
  }

  /** There is no default network any more, nor a subnet of it; the others stay. */
  public void removeDefaultNetwork() {
    synchronized (account) {
      String vpc = region.defaultVpc();
      region.vpcs.remove(vpc);
      region.subnets.values().removeIf(subnet -> subnet.vpcId().equals(vpc));
      region.groups.values().removeIf(group -> group.vpcId().equals(vpc));
    }
  }

  private <T> List<T> all(Supplier<Collection<T>> things) {
    synchronized (account) {
      return List.copyOf(things.get());
    }
  }

  private static GroupIdentifier identifier(SecurityGroup group) {
    return GroupIdentifier.builder().groupId(group.groupId()).groupName(group.groupName()).build();
  }
}
