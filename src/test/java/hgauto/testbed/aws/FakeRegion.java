package hgauto.testbed.aws;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SubnetState;
import software.amazon.awssdk.services.ec2.model.Volume;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcState;

/** What a region of the fake account holds, by id; key pairs by name. */
final class FakeRegion {
  final String name;
  final Map<String, Instance> instances = new LinkedHashMap<>();
  final Map<String, Image> images = new LinkedHashMap<>();
  final Set<String> deregisteredImages = new HashSet<>();
  final Map<String, Snapshot> snapshots = new LinkedHashMap<>();
  final Map<String, Volume> volumes = new LinkedHashMap<>();
  final Map<String, KeyPairInfo> keyPairs = new LinkedHashMap<>();
  final Map<String, SecurityGroup> groups = new LinkedHashMap<>();
  final Map<String, Vpc> vpcs = new LinkedHashMap<>();
  final Map<String, Subnet> subnets = new LinkedHashMap<>();
  final Map<String, String> parameters = new HashMap<>();
  final PlayedCommands commands;

  /** By client token. */
  final Map<String, Launch> launches = new HashMap<>();

  final Map<String, String> userData = new HashMap<>();
  final Set<String> protectedInstances = new HashSet<>();

  /** What was asked for, and what came of it. */
  record Launch(RunInstancesRequest request, List<String> instances) {}

  FakeRegion(String name, FakeState state) {
    this.name = name;
    this.commands = new PlayedCommands(() -> state.clock.instant());
    addNetwork(state, true, zones());
  }

  /** Adds a network with a subnet in each zone, and gives the id of the last subnet. */
  String addNetwork(FakeState state, boolean isDefault, List<String> zones) {
    String vpc = state.newId("vpc");
    vpcs.put(
        vpc,
        Vpc.builder()
            .vpcId(vpc)
            .isDefault(isDefault)
            .state(VpcState.AVAILABLE)
            .cidrBlock("172.31.0.0/16")
            .ownerId(FakeState.ACCOUNT)
            .build());
    String group = state.newId("sg");
    groups.put(
        group,
        SecurityGroup.builder()
            .groupId(group)
            .groupName("default")
            .description("default VPC security group")
            .vpcId(vpc)
            .ownerId(FakeState.ACCOUNT)
            .build());
    String subnet = null;
    for (String zone : zones) {
      subnet = state.newId("subnet");
      subnets.put(
          subnet,
          Subnet.builder()
              .subnetId(subnet)
              .vpcId(vpc)
              .availabilityZone(zone)
              .defaultForAz(isDefault)
              .mapPublicIpOnLaunch(true)
              .state(SubnetState.AVAILABLE)
              .cidrBlock("172.31." + 16 * zones.indexOf(zone) + ".0/20")
              .build());
    }
    return subnet;
  }

  List<String> zones() {
    return List.of(name + "a", name + "b", name + "c");
  }

  /** The id of the default VPC; null if there is none. */
  String defaultVpc() {
    return vpcs.values().stream().filter(Vpc::isDefault).map(Vpc::vpcId).findFirst().orElse(null);
  }
}
