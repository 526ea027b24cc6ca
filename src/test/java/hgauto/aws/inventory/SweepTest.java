package hgauto.aws.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import hgauto.testbed.aws.FakeAccount;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.PrefixListId;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;
import software.amazon.awssdk.services.ec2.model.VolumeAttachment;

/** What is found, and whose it is. */
class SweepTest {
  private static final String REGION = FakeAccount.REGION;
  private static final Tag ANNS = tag("hgauto:owner", "ann@laptop");

  private final FakeAccount aws = new FakeAccount();

  private Inventory sweep(Kind... kinds) throws InterruptedException {
    return Sweep.of(aws.account(), REGION, Set.of(kinds));
  }

  /** An empty column is a thing without it; tags are key=value, with a blank between. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hgauto:owner=ann@laptop          |               |                 | owner ann@laptop",
        "hgauto:owner=ann@laptop          | hg-automation | hg-linux-dev-1  | owner ann@laptop",
        "hgauto:owner=x Name=hg-temp-windows | hg-automation | hg-windows-dev-1 | owner x",
        "Name=hg-temp-windows             | hg-automation | hg-windows-dev-1 | made by automation.py",
        "Name=hg-temp-windows Team=vcs    |               |                 | made by automation.py",
        "                                 | hg-automation | hg-linux-dev-1  | made by automation.py",
        "                                 | hg-automation |                 | nobody's",
        "                                 |               | hg-linux-dev-1  | nobody's",
        "                                 | hg-automation | hg-windows-dev-1 | nobody's",
        "Team=vcs                         | hg-automation | hg-linux-dev-1  | nobody's",
        "Name=hg-temp-windows-2           | hg-automation | hg-windows-dev-1 | nobody's",
        "Name=hg-linux                    |               |                 | nobody's",
        "Owner=ann@laptop                 |               |                 | nobody's",
      })
  void instancesAreOursByTagOrExactlyAsAutomationMadeThem(
      String tags, String key, String group, String whose) throws InterruptedException {
    aws.contents()
        .putInstance(
            i -> {
              i.keyName(key);
              if (tags != null) {
                i.tags(tags(tags));
              }
              if (group != null) {
                i.securityGroups(group(group));
              }
            });
    assertThat(sweep(Kind.INSTANCES).instances().stream().map(i -> i.ownership().toString()))
        .isEqualTo(whose.equals("nobody's") ? List.of() : List.of(whose))
        .hasSizeLessThan(2);
  }

  @Test
  void anInstanceIsToldWithAllThatIsKnownOfIt() throws InterruptedException {
    Instant launched = Instant.parse("2026-11-24T17:00:00Z");
    String id =
        aws.contents()
            .putInstance(
                i ->
                    i.tags(
                            ANNS,
                            tag("Name", "hg-linux-tests"),
                            tag("hgauto:run", "run-7"),
                            tag("hgauto:expires", "2026-11-24T21:00:00Z"))
                        .platform("windows")
                        .instanceType("c5.9xlarge")
                        .launchTime(launched)
                        .imageId("ami-1")
                        .securityGroups(group("hg-linux-dev-1"))
                        .iamInstanceProfile(p -> p.arn("arn:aws:iam::1:instance-profile/p"))
                        .clientToken("token-1")
                        .publicIpAddress("203.0.113.7"));
    Instance found = sweep(Kind.INSTANCES).instances().get(0);
    assertThat(found)
        .extracting("id", "region", "name", "state", "launched", "type", "windows", "imageId")
        .containsExactly(
            id, REGION, "hg-linux-tests", "running", launched, "c5.9xlarge", true, "ami-1");
    assertThat(found.securityGroupIds()).containsExactly("sg-of-hg-linux-dev-1");
    assertThat(found.profileArn()).contains("arn:aws:iam::1:instance-profile/p");
    assertThat(found.clientToken()).contains("token-1");
    assertThat(found.address()).contains("203.0.113.7");
    assertThat(found.ownership().run()).contains("run-7");
    assertThat(found.ownership().expires()).contains(Instant.parse("2026-11-24T21:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "pending, true",
    "running, true",
    "stopping, true",
    "stopped, true",
    "terminated, false"
  })
  void onlyInstancesThatAreNotGoneCount(String state, boolean found) throws InterruptedException {
    aws.contents().putInstance(i -> i.tags(ANNS).state(s -> s.name(state)));
    assertThat(sweep(Kind.INSTANCES).instances()).hasSize(found ? 1 : 0);
  }

  @Test
  void instancesOnTheirWayOutCount() throws InterruptedException {
    String id = aws.contents().putInstance(i -> i.tags(ANNS));
    aws.behaviour().instancesEndingFor(9);
    aws.account().clients().ec2(REGION).terminateInstances(r -> r.instanceIds(id));
    assertThat(sweep(Kind.INSTANCES).instances())
        .extracting(Instance::state)
        .containsExactly("shutting-down");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hg-windows-dev           |                         | made by automation.py",
        "hg-linux-dev-debian9     |                         | made by automation.py",
        "hg-linux-dev-debian10    |                         | made by automation.py",
        "hg-linux-dev-ubuntu18.04 |                         | made by automation.py",
        "hg-linux-dev-ubuntu19.04 | Team=vcs                | made by automation.py",
        "hg-linux-dev-debian10    | hgauto:owner=ann@laptop | owner ann@laptop",
        "whatever                 | hgauto:owner=ann@laptop | owner ann@laptop",
        "hg-linux-dev-debian12    |                         | nobody's",
        "hg-windows-dev-2         |                         | nobody's",
      })
  void imagesAreOursByTagOrByExactlyAutomationsNames(String name, String tags, String whose)
      throws InterruptedException {
    aws.contents()
        .putImage(
            name,
            i -> {
              if (tags != null) {
                i.tags(tags(tags));
              }
            });
    assertThat(sweep(Kind.IMAGES).images().stream().map(i -> i.ownership().toString()))
        .isEqualTo(whose.equals("nobody's") ? List.of() : List.of(whose));
  }

  @Test
  void anotherAccountsImageIsNotOursWhateverItsName() throws InterruptedException {
    aws.contents().putImage("hg-windows-dev", i -> i.ownerId("999999999999"));
    assertThat(sweep(Kind.IMAGES).images()).isEmpty();
  }

  @Test
  void anImageIsToldWithItsDisksAndFingerprint() throws InterruptedException {
    aws.contents()
        .putImage(
            "hg-linux-dev-debian12",
            i ->
                i.tags(ANNS)
                    .creationDate("2026-11-24T17:00:00.000Z")
                    .lastLaunchedTime("2026-11-24T18:00:00.000Z")
                    .blockDeviceMappings(
                        disk("snap-a", 12),
                        disk("snap-b", 8),
                        BlockDeviceMapping.builder().virtualName("ephemeral0").build()));
    Image image = sweep(Kind.IMAGES).images().get(0);
    assertThat(image.snapshotIds()).containsExactly("snap-a", "snap-b");
    assertThat(image.sizeGib()).isEqualTo(20);
    assertThat(image.made()).isEqualTo("2026-11-24T17:00:00Z");
    assertThat(image.lastLaunched()).contains(Instant.parse("2026-11-24T18:00:00Z"));
  }

  @Test
  void aDisabledImageIsListedAndItsSnapshotIsNoOrphan() throws InterruptedException {
    String snapshot = aws.contents().putSnapshot(s -> s.tags(ANNS));
    String image =
        aws.contents()
            .putImage(
                "hg-old",
                i -> i.tags(ANNS).state("disabled").blockDeviceMappings(disk(snapshot, 10)));
    Inventory found = sweep(Kind.IMAGES, Kind.SNAPSHOTS);
    assertThat(found.images())
        .extracting(Image::id, Image::state)
        .containsExactly(tuple(image, "disabled"));
    assertThat(found.snapshots()).isEmpty();
  }

  @Test
  void aSnapshotOfOursIsAnOrphanOnlyWhenNoImageOfTheAccountHasIt() throws InterruptedException {
    String orphan = aws.contents().putSnapshot(s -> s.tags(ANNS));
    String strangers = aws.contents().putSnapshot(s -> s.tags(ANNS));
    aws.contents().putSnapshot(s -> {});
    aws.contents().putSnapshot(s -> s.tags(tag("Name", "hg-old")));
    aws.contents().putSnapshot(s -> s.tags(ANNS).state("pending"));
    aws.contents().putSnapshot(s -> s.tags(ANNS).ownerId("999999999999"));
    aws.contents().putImage("database", i -> i.blockDeviceMappings(disk(strangers, 10)));
    String unfinished =
        aws.contents()
            .putImage(
                "hg-new", i -> i.tags(ANNS).state("pending").blockDeviceMappings(disk(null, 10)));
    aws.contents()
        .putSnapshot(
            s -> s.tags(ANNS).description("Created by CreateImage(i-1) for " + unfinished));
    Inventory found = sweep(Kind.SNAPSHOTS);
    assertThat(found.snapshots())
        .extracting(Snapshot::id, Snapshot::sizeGib)
        .containsExactly(tuple(orphan, 10L));
    assertThat(found.images()).isEmpty();
  }

  @Test
  void volumesOfOursCountAttachedOrNot() throws InterruptedException {
    String loose = aws.contents().putVolume(v -> v.tags(ANNS).volumeType("gp2").size(8));
    String attached =
        aws.contents()
            .putVolume(
                v ->
                    v.tags(ANNS, tag("Name", "root"))
                        .state("in-use")
                        .attachments(
                            VolumeAttachment.builder()
                                .instanceId("i-1")
                                .deleteOnTermination(true)
                                .build()));
    aws.contents().putVolume(v -> {});
    aws.contents().putVolume(v -> v.tags(ANNS).state("deleting"));
    assertThat(sweep(Kind.VOLUMES).volumes())
        .extracting(
            Volume::id,
            Volume::name,
            volume -> volume.instanceId().orElse("none"),
            Volume::goesAlong,
            Volume::type,
            Volume::sizeGib)
        .containsExactlyInAnyOrder(
            tuple(loose, loose, "none", false, "gp2", 8L),
            tuple(attached, "root", "i-1", true, "gp3", 10L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hg-automation     |                         | made by automation.py",
        "hg-automation     | hgauto:owner=ann@laptop | owner ann@laptop",
        "hg-automation-ann | hgauto:owner=ann@laptop | owner ann@laptop",
        "hg-automation-bob |                         | owner unknown",
        "hg-automatic      | hgauto:owner=ann@laptop | not found",
        "ann               |                         | not found",
      })
  void keyPairsWithOurNamesAreFoundOursOrNot(String name, String tags, String whose)
      throws InterruptedException {
    aws.contents()
        .putKeyPair(
            name,
            "12:34",
            key -> {
              if (tags != null) {
                key.tags(tags(tags));
              }
            });
    List<KeyPair> found = sweep(Kind.KEY_PAIRS).keyPairs();
    assertThat(found.stream().map(key -> key.ownership().toString()))
        .isEqualTo(whose.equals("not found") ? List.of() : List.of(whose));
    assertThat(found).allMatch(key -> key.fingerprint().equals("12:34") && key.made().isPresent());
  }

  @Test
  void securityGroupsWithOurNamesAreFoundWithAllTheirRules() throws InterruptedException {
    String id = aws.contents().group("hg-linux-dev-1").groupId();
    aws.contents().group("hg-linux-dev-2");
    aws.contents()
        .changeGroup(
            id,
            group ->
                group.ipPermissions(
                    IpPermission.builder()
                        .ipProtocol("tcp")
                        .fromPort(22)
                        .toPort(22)
                        .ipRanges(
                            IpRange.builder().cidrIp("203.0.113.7/32").description("ann").build(),
                            IpRange.builder().cidrIp("0.0.0.0/0").build())
                        .ipv6Ranges(Ipv6Range.builder().cidrIpv6("2001:db8::/64").build())
                        .prefixListIds(PrefixListId.builder().prefixListId("pl-1").build())
                        .build(),
                    IpPermission.builder()
                        .ipProtocol("-1")
                        .userIdGroupPairs(UserIdGroupPair.builder().groupId("sg-other").build())
                        .build()));
    SecurityGroup found = sweep(Kind.SECURITY_GROUPS).securityGroups().get(0);
    assertThat(sweep(Kind.SECURITY_GROUPS).securityGroups()).hasSize(1);
    assertThat(found.id()).isEqualTo(id);
    assertThat(found.ownership()).isEqualTo(Ownership.LEGACY);
    assertThat(found.rules())
        .containsExactly(
            new SecurityGroup.IngressRule("tcp", 22, 22, "203.0.113.7/32", "ann"),
            new SecurityGroup.IngressRule("tcp", 22, 22, "0.0.0.0/0", ""),
            new SecurityGroup.IngressRule("tcp", 22, 22, "2001:db8::/64", ""),
            new SecurityGroup.IngressRule("tcp", 22, 22, "pl-1", ""),
            new SecurityGroup.IngressRule("-1", 0, 65535, "sg-other", ""));
  }

  @Test
  void anAccountWithoutOurRoleAndProfileHasNone() throws InterruptedException {
    Inventory found = sweep(Kind.IAM);
    assertThat(found.role()).isEmpty();
    assertThat(found.instanceProfile()).isEmpty();
  }

  @Test
  void theRoleIsToldWithItsPoliciesAsJson() throws InterruptedException {
    String trust = "{\"Statement\": [{\"Principal\": {\"Service\": \"ec2.amazonaws.com\"}}]}";
    String policy = "{\"Statement\": [{\"Action\": \"ssm:*\", \"Sid\": \"a+b 100%\"}]}";
    aws.iam()
        .createRole(
            role ->
                role.roleName("hg-ephemeral-ec2-role-1")
                    .assumeRolePolicyDocument(trust)
                    .tags(
                        software.amazon.awssdk.services.iam.model.Tag.builder()
                            .key("hgauto:owner")
                            .value("ann@laptop")
                            .build()));
    aws.iam()
        .putRolePolicy(
            p -> p.roleName("hg-ephemeral-ec2-role-1").policyName("agent").policyDocument(policy));
    aws.iam()
        .attachRolePolicy(
            a ->
                a.roleName("hg-ephemeral-ec2-role-1")
                    .policyArn("arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"));
    aws.iam().createInstanceProfile(p -> p.instanceProfileName("hg-ephemeral-ec2-1"));
    aws.iam()
        .addRoleToInstanceProfile(
            p -> p.instanceProfileName("hg-ephemeral-ec2-1").roleName("hg-ephemeral-ec2-role-1"));
    Inventory found = sweep(Kind.IAM);
    Role role = found.role().orElseThrow();
    assertThat(role.trust()).isEqualTo(trust);
    assertThat(role.inlinePolicies()).containsOnlyKeys("agent").containsValue(policy);
    assertThat(role.attachedPolicies())
        .containsExactly("arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM");
    assertThat(role.ownership()).hasToString("owner ann@laptop");
    InstanceProfile profile = found.instanceProfile().orElseThrow();
    assertThat(profile.roles()).containsExactly("hg-ephemeral-ec2-role-1");
    assertThat(profile.arn()).endsWith(":instance-profile/hg-ephemeral-ec2-1");
    assertThat(profile.ownership()).isEqualTo(Ownership.LEGACY);
  }

  @Test
  void thoseThatUseAProfileAreFoundInEveryRegionWhosever() throws InterruptedException {
    FakeAccount wide = new FakeAccount("us-west-2", "eu-north-1");
    String arn = "arn:aws:iam::123456789012:instance-profile/hg-ephemeral-ec2-1";
    String anns =
        wide.in("eu-north-1")
            .putInstance(i -> i.tags(ANNS).iamInstanceProfile(profile -> profile.arn(arn)));
    String strangers =
        wide.in("us-west-2").putInstance(i -> i.iamInstanceProfile(profile -> profile.arn(arn)));
    wide.in("us-west-2").putInstance(i -> i.tags(ANNS));
    assertThat(Sweep.using(wide.account(), arn).instances())
        .extracting(found -> found.id(), found -> found.ownership().toString())
        .containsExactlyInAnyOrder(
            tuple(anns, "owner ann@laptop"), tuple(strangers, "owner unknown"));
  }

  private static BlockDeviceMapping disk(String snapshot, int gib) {
    return BlockDeviceMapping.builder().ebs(e -> e.snapshotId(snapshot).volumeSize(gib)).build();
  }

  private static GroupIdentifier group(String name) {
    return GroupIdentifier.builder().groupId("sg-of-" + name).groupName(name).build();
  }

  private static List<Tag> tags(String tags) {
    return List.of(tags.split(" ")).stream()
        .map(tag -> tag.split("="))
        .map(tag -> tag(tag[0], tag[1]))
        .toList();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
