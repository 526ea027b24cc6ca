package hgauto.aws.ensure;

import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Ownership;
import hgauto.aws.inventory.Sweep;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.machine.SshKey;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.iam.IamClient;

/** An account of two regions in memory, and two people who ensure things in it. */
final class EnsureScene {
  static final SshKey ANNS_KEY = SshKey.generate();
  static final SshKey BOBS_KEY = SshKey.generate();
  static final String ANN = "ann@laptop";
  static final String BOB = "bob@desk";
  static final String WEST = "us-west-2";
  static final String EAST = "us-east-1";
  static final String FORMER = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";

  static final Set<String> LOOKS =
      Set.of(
          "ec2:DescribeKeyPairs",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "iam:GetInstanceProfile",
          "iam:GetRole",
          "iam:GetRolePolicy",
          "iam:ListAttachedRolePolicies",
          "iam:ListRolePolicies");

  /** Nobody listens there. */
  static final CheckIp NO_CHECK_IP =
      new CheckIp(URI.create("http://127.0.0.1:1/"), Duration.ofSeconds(5));

  final FakeAccount aws = new FakeAccount(WEST, EAST);
  final List<Change> planned = new CopyOnWriteArrayList<>();
  final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  final Sleepless time = new Sleepless();
  final Path annsKeys;
  final Path bobsKeys;

  /**
   * Ann and Bob have their keys.
   *
   * @param folder where they keep them
   */
  EnsureScene(Path folder) throws IOException {
    annsKeys = Files.createDirectory(folder.resolve("ann"));
    bobsKeys = Files.createDirectory(folder.resolve("bob"));
    ANNS_KEY.save(annsKeys);
    BOBS_KEY.save(bobsKeys);
  }

  Ensured ann(Blueprint blueprint) throws InterruptedException {
    return ensure(annsKeys, ANN, WEST, blueprint, "203.0.113.7/32");
  }

  Ensured bob(Blueprint blueprint) throws InterruptedException {
    return ensure(bobsKeys, BOB, WEST, blueprint, "198.51.100.1/32");
  }

  Ensured ensure(Path keys, String owner, String region, Blueprint blueprint, String... from)
      throws InterruptedException {
    return run(keys, owner, region, blueprint, ranges(from), Optional.empty());
  }

  Ensured run(
      Path keys,
      String owner,
      String region,
      Blueprint blueprint,
      Set<Cidr> from,
      Optional<String> subnet)
      throws InterruptedException {
    return new Ensure(aws.account(), time.poll(), keys, NO_CHECK_IP)
        .run(
            new Ensure.Request(blueprint, region, owner, from, subnet),
            plan -> planned.addAll(plan.changes()),
            outcomes::add);
  }

  Inventory sweep(String region) throws InterruptedException {
    return Sweep.of(
        aws.account(), region, EnumSet.of(Kind.KEY_PAIRS, Kind.SECURITY_GROUPS, Kind.IAM));
  }

  SecurityGroup group(String region, String name) {
    return aws.in(region).groups().stream()
        .filter(group -> group.groupName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  KeyPairInfo keyPair(String region, String name) {
    return aws.in(region).keyPairs().stream()
        .filter(pair -> pair.keyName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static Ownership owned(String owner) {
    return new Ownership(Optional.of(owner), Optional.empty(), Optional.empty());
  }

  static Set<Cidr> ranges(String... texts) {
    Set<Cidr> ranges = new HashSet<>();
    for (String text : texts) {
      ranges.add(Cidr.of(text).orElseThrow());
    }
    return ranges;
  }

  /** What all mending is for: what automation.py made, with another's role, and a rule of Bob's. */
  static void spoil(Ec2Client ec2, IamClient iam, String groupId) {
    String role = "hg-ephemeral-ec2-role-1";
    String profile = "hg-ephemeral-ec2-1";
    IpPermission bobs =
        IpPermission.builder()
            .ipProtocol("tcp")
            .fromPort(22)
            .toPort(22)
            .ipRanges(
                IpRange.builder().cidrIp("203.0.113.7/32").description("hgauto bob@desk").build())
            .build();
    ec2.revokeSecurityGroupIngress(r -> r.groupId(groupId).ipPermissions(bobs));
    ec2.authorizeSecurityGroupIngress(
        r -> r.groupId(groupId).ipPermissions(bobs, open(22, 22, "SSH from entire Internet")));
    iam.attachRolePolicy(r -> r.roleName(role).policyArn(FORMER));
    iam.putRolePolicy(
        r ->
            r.roleName(role)
                .policyName("hgauto-ssm-agent")
                .policyDocument(
                    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\","
                        + " \"Action\": \"ssm:*\", \"Resource\": \"*\"}]}"));
    String trust = Blueprint.WINDOWS.access().orElseThrow().trust().replace("ec2.", "lambda.");
    iam.updateAssumeRolePolicy(r -> r.roleName(role).policyDocument(trust));
    iam.createRole(r -> r.roleName("other").assumeRolePolicyDocument(trust));
    iam.removeRoleFromInstanceProfile(r -> r.instanceProfileName(profile).roleName(role));
    iam.addRoleToInstanceProfile(r -> r.instanceProfileName(profile).roleName("other"));
  }

  static IpPermission open(int fromPort, int toPort, String description) {
    return IpPermission.builder()
        .ipProtocol("tcp")
        .fromPort(fromPort)
        .toPort(toPort)
        .ipRanges(IpRange.builder().cidrIp("0.0.0.0/0").description(description).build())
        .build();
  }

  static List<String> rules(SecurityGroup group) {
    List<String> rules = new ArrayList<>();
    for (IpPermission rule : group.ipPermissions()) {
      String ports = rule.ipProtocol() + " " + rule.fromPort() + "-" + rule.toPort() + " ";
      rule.ipRanges().forEach(r -> rules.add(ports + r.cidrIp() + " " + r.description()));
      rule.ipv6Ranges().forEach(r -> rules.add(ports + r.cidrIpv6() + " " + r.description()));
    }
    return rules;
  }
}
