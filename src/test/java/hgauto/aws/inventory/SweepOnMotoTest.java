package hgauto.aws.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import hgauto.testbed.aws.AwsProxy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.VolumeType;

/** Sweeps by the SDK's own clients, over HTTP. */
class SweepOnMotoTest {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
  private static final String ROLE = "hg-ephemeral-ec2-role-1";
  private static final String PROFILE = "hg-ephemeral-ec2-1";

  /** An SSH key whose private half nobody has. */
  private static final String PUBLIC_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJqZ0yq0l8nqVxTg0hC0aJ9jE3pQyqkq8mXg0r9p3cYI test";

  private final AwsProxy aws = new AwsProxy();
  private final Ec2Client ec2 = aws.clients().ec2(AwsProxy.REGION);

  @AfterEach
  void close() {
    aws.close();
  }

  private Inventory sweep() throws InterruptedException {
    return Sweep.of(aws.account(), AwsProxy.REGION, ALL);
  }

  private static String launch(Ec2Client ec2, Consumer<RunInstancesRequest.Builder> more) {
    RunInstancesRequest.Builder request =
        RunInstancesRequest.builder()
            .imageId(AwsProxy.DEBIAN)
            .instanceType(InstanceType.T3_MEDIUM)
            .minCount(1)
            .maxCount(1);
    more.accept(request);
    return ec2.runInstances(request.build()).instances().get(0).instanceId();
  }

  private String launch(Consumer<RunInstancesRequest.Builder> more) {
    return launch(ec2, more);
  }

  private static TagSpecification tags(ResourceType type, String... keysAndValues) {
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tags.add(Tag.builder().key(keysAndValues[i]).value(keysAndValues[i + 1]).build());
    }
    return TagSpecification.builder().resourceType(type).tags(tags).build();
  }

  private static TagSpecification anns(ResourceType type) {
    return tags(type, "hgauto:owner", "ann@laptop");
  }

  private String group(String name) {
    return ec2.createSecurityGroup(g -> g.groupName(name).description(name)).groupId();
  }

  @Test
  void anEmptyAccountHasNothingOfOurs() throws InterruptedException {
    assertThat(sweep().all()).isEmpty();
  }

  @Test
  void instancesAndTheirVolumesAreFoundByTagAndAsAutomationMadeThem() throws InterruptedException {
    ec2.importKeyPair(
        k -> k.keyName("hg-automation").publicKeyMaterial(SdkBytes.fromUtf8String(PUBLIC_KEY)));
    String linux = group("hg-linux-dev-1");
    String anns =
        launch(
            r ->
                r.clientToken("token-1")
                    .tagSpecifications(
                        tags(
                            ResourceType.INSTANCE,
                            "hgauto:owner",
                            "ann@laptop",
                            "hgauto:expires",
                            "2026-11-24T21:00:00Z"),
                        anns(ResourceType.VOLUME)));
    String windows =
        launch(
            r ->
                r.imageId(AwsProxy.WINDOWS)
                    .tagSpecifications(tags(ResourceType.INSTANCE, "Name", "hg-temp-windows")));
    String legacyLinux = launch(r -> r.keyName("hg-automation").securityGroupIds(linux));
    launch(r -> r.keyName("hg-automation"));
    launch(r -> r.securityGroupIds(linux));
    launch(r -> r.tagSpecifications(tags(ResourceType.INSTANCE, "Name", "hg-temp-windows-2")));
    String ended = launch(r -> r.tagSpecifications(anns(ResourceType.INSTANCE)));
    ec2.terminateInstances(r -> r.instanceIds(ended));
    Inventory found = sweep();
    assertThat(found.instances())
        .extracting(Instance::id, i -> i.ownership().toString(), Instance::windows)
        .containsExactlyInAnyOrder(
            tuple(anns, "owner ann@laptop", false),
            tuple(windows, "made by automation.py", true),
            tuple(legacyLinux, "made by automation.py", false));
    assertThat(found.instances())
        .filteredOn(i -> i.id().equals(anns))
        .singleElement()
        .satisfies(i -> assertThat(i.clientToken()).contains("token-1"))
        .satisfies(i -> assertThat(i.ownership().expires()).isPresent());
    assertThat(found.volumes())
        .singleElement()
        .satisfies(volume -> assertThat(volume.instanceId()).contains(anns));
  }

  @Test
  void imagesKeepTheirSnapshotsFromBeingOrphans() throws InterruptedException {
    String instance = launch(r -> {});
    String image =
        ec2.createImage(
                r ->
                    r.instanceId(instance)
                        .name("hg-linux-dev-debian12")
                        .tagSpecifications(anns(ResourceType.IMAGE), anns(ResourceType.SNAPSHOT)))
            .imageId();
    ec2.createImage(r -> r.instanceId(instance).name("database"));
    String volume =
        ec2.createVolume(
                r ->
                    r.availabilityZone(AwsProxy.REGION + "a")
                        .size(8)
                        .volumeType(VolumeType.GP3)
                        .tagSpecifications(anns(ResourceType.VOLUME)))
            .volumeId();
    String orphan =
        ec2.createSnapshot(r -> r.volumeId(volume).tagSpecifications(anns(ResourceType.SNAPSHOT)))
            .snapshotId();
    Inventory found = sweep();
    assertThat(found.images())
        .singleElement()
        .satisfies(own -> assertThat(own.id()).isEqualTo(image))
        .satisfies(own -> assertThat(own.snapshotIds()).hasSize(1))
        .satisfies(own -> assertThat(own.sizeGib()).isPositive());
    assertThat(found.snapshots()).extracting(Snapshot::id).containsExactly(orphan);
    assertThat(found.volumes())
        .extracting(Volume::id, Volume::type, Volume::sizeGib, v -> v.instanceId().isPresent())
        .containsExactly(tuple(volume, "gp3", 8L, false));
  }

  @Test
  void keyPairsGroupsRoleAndProfileAreFoundByName() throws InterruptedException {
    for (String name : List.of("hg-automation", "hg-automation-ann", "hg-automatic")) {
      ec2.importKeyPair(
          k -> k.keyName(name).publicKeyMaterial(SdkBytes.fromUtf8String(PUBLIC_KEY)));
    }
    String group = group("hg-windows-dev-1");
    group("hg-windows-dev-2");
    ec2.authorizeSecurityGroupIngress(
        r ->
            r.groupId(group)
                .ipPermissions(
                    IpPermission.builder()
                        .ipProtocol("tcp")
                        .fromPort(22)
                        .toPort(22)
                        .ipRanges(
                            IpRange.builder().cidrIp("203.0.113.7/32").description("ann").build())
                        .build()));
    String policy =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"ssm:UpdateInstanceInformation\"],\"Resource\":\"*\"}]}";
    String trust =
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Service\": \"ec2.amazonaws.com\"}, \"Action\": \"sts:AssumeRole\"}]}";
    aws.clients().iam().createRole(r -> r.roleName(ROLE).assumeRolePolicyDocument(trust));
    aws.clients()
        .iam()
        .putRolePolicy(r -> r.roleName(ROLE).policyName("agent").policyDocument(policy));
    aws.clients().iam().createInstanceProfile(r -> r.instanceProfileName(PROFILE));
    aws.clients()
        .iam()
        .addRoleToInstanceProfile(r -> r.instanceProfileName(PROFILE).roleName(ROLE));
    Inventory found = sweep();
    assertThat(found.keyPairs())
        .extracting(KeyPair::name)
        .containsExactlyInAnyOrder("hg-automation", "hg-automation-ann");
    assertThat(found.securityGroups())
        .singleElement()
        .satisfies(
            own ->
                assertThat(own.rules())
                    .containsExactly(
                        new SecurityGroup.IngressRule("tcp", 22, 22, "203.0.113.7/32", "ann")));
    Role role = found.role().orElseThrow();
    assertThat(role.trust()).isEqualTo(trust);
    assertThat(role.inlinePolicies()).containsOnlyKeys("agent").containsValue(policy);
    assertThat(found.instanceProfile().orElseThrow().roles()).containsExactly(ROLE);
  }

  @Test
  void allRegionsAreSweptWithIamInTheFirst() throws InterruptedException {
    String far =
        launch(
            aws.clients().ec2("eu-north-1"), r -> r.tagSpecifications(anns(ResourceType.INSTANCE)));
    aws.clients().iam().createInstanceProfile(r -> r.instanceProfileName(PROFILE));
    List<Inventory> found = Sweep.ofAllRegions(aws.account(), ALL);
    assertThat(found).hasSize(3);
    assertThat(found.get(0).region()).isEqualTo(AwsProxy.REGION);
    assertThat(found).filteredOn(i -> i.instanceProfile().isPresent()).hasSize(1);
    assertThat(found.stream().flatMap(i -> i.instances().stream()))
        .extracting(Instance::id, Instance::region)
        .containsExactly(tuple(far, "eu-north-1"));
  }

  @Test
  void usersOfAProfileAreFoundWhoseverTheyAre() throws InterruptedException {
    String arn =
        aws.clients()
            .iam()
            .createInstanceProfile(r -> r.instanceProfileName(PROFILE))
            .instanceProfile()
            .arn();
    String user = launch(r -> r.iamInstanceProfile(p -> p.arn(arn)));
    launch(r -> r.tagSpecifications(anns(ResourceType.INSTANCE)));
    assertThat(Sweep.using(aws.account(), arn).instances())
        .extracting(Instance::id)
        .containsExactly(user);
  }
}
