package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static hgauto.testbed.aws.AccountUnderTest.tags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.aws.Parallel;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.HttpTokensState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceInterruptionBehavior;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataEndpointState;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.ShutdownBehavior;
import software.amazon.awssdk.services.ec2.model.SpotInstanceType;
import software.amazon.awssdk.services.ec2.model.Volume;

/** What production code relies on about instances. */
interface InstancesContract extends AccountUnderTest {
  private List<String> found(Consumer<DescribeInstancesRequest.Builder> request) {
    return ec2().describeInstancesPaginator(request).reservations().stream()
        .flatMap(reservation -> reservation.instances().stream())
        .map(Instance::instanceId)
        .toList();
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  private String launchTagged(String name) {
    return launch(r -> r.tagSpecifications(tags(ResourceType.INSTANCE, "Name", name))).instanceId();
  }

  @Test
  default void launchedInstanceIsAsItWasAskedFor() {
    String group = ec2().createSecurityGroup(r -> r.groupName("g").description("d")).groupId();
    Instance launched =
        launch(
            r ->
                r.clientToken("token-1")
                    .securityGroupIds(group)
                    .instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE)
                    .userData(Base64.getEncoder().encodeToString(new byte[] {'x'}))
                    .metadataOptions(m -> m.httpTokens(HttpTokensState.REQUIRED))
                    .tagSpecifications(
                        tags(ResourceType.INSTANCE, "Name", "hg-1", "hgauto:owner", "ann@laptop"),
                        tags(ResourceType.VOLUME, "Name", "hg-1")));
    assertThat(launched.state().name()).isEqualTo(InstanceStateName.PENDING);
    Instance now = now(launched.instanceId());
    assertThat(now.state().name()).isEqualTo(InstanceStateName.RUNNING);
    assertThat(now.tags())
        .containsExactlyInAnyOrder(
            Tags.tag("Name", "hg-1"), Tags.tag("hgauto:owner", "ann@laptop"));
    assertThat(now.clientToken()).isEqualTo("token-1");
    assertThat(now.imageId()).isEqualTo(image());
    assertThat(now.launchTime()).isNotNull();
    assertThat(now.placement().availabilityZone()).startsWith(REGION);
    assertThat(now.securityGroups())
        .singleElement()
        .satisfies(
            g -> {
              assertThat(g.groupId()).isEqualTo(group);
              assertThat(g.groupName()).isEqualTo("g");
            });
    assertThat(now.metadataOptions().httpTokens()).isEqualTo(HttpTokensState.REQUIRED);
    assertThat(now.publicIpAddress()).isNotEmpty();
  }

  @Test
  default void spotInstanceIsLaunchedAndEndedLikeAnyOther() {
    Instance launched =
        launch(
            r ->
                r.clientToken("token-1")
                    .instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE)
                    .instanceMarketOptions(
                        m ->
                            m.marketType(MarketType.SPOT)
                                .spotOptions(
                                    s ->
                                        s.spotInstanceType(SpotInstanceType.ONE_TIME)
                                            .instanceInterruptionBehavior(
                                                InstanceInterruptionBehavior.TERMINATE)))
                    .tagSpecifications(
                        tags(ResourceType.INSTANCE, "Name", "hg-1"),
                        tags(ResourceType.VOLUME, "Name", "hg-1"),
                        tags(ResourceType.SPOT_INSTANCES_REQUEST, "Name", "hg-1")));
    Instance now = now(launched.instanceId());
    assertThat(now.state().name()).isEqualTo(InstanceStateName.RUNNING);
    assertThat(now.tags()).containsExactly(Tags.tag("Name", "hg-1"));
    ec2().terminateInstances(r -> r.instanceIds(launched.instanceId()));
    assertThat(now(launched.instanceId()).state().name()).isEqualTo(InstanceStateName.TERMINATED);
  }

  @Test
  default void runningInstanceShowsTheVolumeOfEachDevice() {
    Instance launched =
        launch(
            r ->
                r.blockDeviceMappings(
                    BlockDeviceMapping.builder()
                        .deviceName("/dev/sdb")
                        .ebs(e -> e.volumeSize(8).deleteOnTermination(true))
                        .build()));
    String volume =
        ec2()
            .describeVolumes(
                r -> r.filters(filter("attachment.instance-id", launched.instanceId())))
            .volumes()
            .stream()
            .filter(found -> found.attachments().get(0).device().equals("/dev/sdb"))
            .findFirst()
            .orElseThrow()
            .volumeId();
    assertThat(now(launched.instanceId()).blockDeviceMappings())
        .filteredOn(mapping -> mapping.deviceName().equals("/dev/sdb"))
        .extracting(mapping -> mapping.ebs().volumeId())
        .containsExactly(volume);
  }

  @Test
  default void volumesBearTheirTagsAndGoWithTheInstance() {
    Instance launched =
        launch(r -> r.tagSpecifications(tags(ResourceType.VOLUME, "Name", "hg-volume")));
    List<Volume> volumes =
        ec2().describeVolumes(r -> r.filters(filter("tag:Name", "hg-*"))).volumes();
    assertThat(volumes)
        .singleElement()
        .satisfies(
            volume -> {
              assertThat(volume.stateAsString()).isEqualTo("in-use");
              assertThat(volume.attachments().get(0).instanceId()).isEqualTo(launched.instanceId());
              assertRefused(
                  "VolumeInUse", () -> ec2().deleteVolume(r -> r.volumeId(volume.volumeId())));
            });
    ec2().terminateInstances(r -> r.instanceIds(launched.instanceId()));
    now(launched.instanceId());
    assertThat(ec2().describeVolumes(r -> r.filters(filter("tag:Name", "hg-*"))).volumes())
        .isEmpty();
    assertRefused(
        "InvalidVolume.NotFound",
        () -> ec2().deleteVolume(r -> r.volumeId(volumes.get(0).volumeId())));
  }

  @Test
  default void sameTokenIsTheSameInstance() {
    Instance first = launch(r -> r.clientToken("token-1"));
    Instance again = launch(r -> r.clientToken("token-1"));
    Instance other = launch(r -> r.clientToken("token-2"));
    assertThat(again.instanceId()).isEqualTo(first.instanceId());
    assertThat(other.instanceId()).isNotEqualTo(first.instanceId());
    assertThat(found(r -> {})).hasSize(2);
    assertRefused(
        "IdempotentParameterMismatch",
        () -> launch(r -> r.clientToken("token-1").instanceType("c5.large")));
    assertThat(found(r -> {})).hasSize(2);
  }

  @Test
  default void sameTokenAtOnceIsTheSameInstance() throws InterruptedException {
    Callable<String> launch = () -> launch(r -> r.clientToken("token-1")).instanceId();
    assertThat(Set.copyOf(Parallel.all(List.of(launch, launch, launch, launch)))).hasSize(1);
    assertThat(found(r -> {})).hasSize(1);
  }

  @Test
  default void filtersFindInstances() {
    ec2().importKeyPair(r -> r.keyName("hg-key").publicKeyMaterial(KeysContract.PUBLIC_KEY));
    String group = ec2().createSecurityGroup(r -> r.groupName("hg-g").description("d")).groupId();
    String one =
        launch(
                r ->
                    r.clientToken("token-1")
                        .keyName("hg-key")
                        .securityGroupIds(group)
                        .tagSpecifications(tags(ResourceType.INSTANCE, "Name", "hg-one")))
            .instanceId();
    String two = launchTagged("two");
    String bare = launch(r -> {}).instanceId();
    ec2().stopInstances(r -> r.instanceIds(two));
    now(two);
    assertThat(found(r -> r.filters(filter("tag:Name", "hg-*")))).containsExactly(one);
    assertThat(found(r -> r.filters(filter("tag:Name", "hg-one", "two"))))
        .containsExactlyInAnyOrder(one, two);
    assertThat(found(r -> r.filters(filter("tag-key", "Name"))))
        .containsExactlyInAnyOrder(one, two);
    assertThat(found(r -> r.filters(filter("key-name", "hg-key")))).containsExactly(one);
    assertThat(found(r -> r.filters(filter("instance.group-name", "hg-g")))).containsExactly(one);
    assertThat(found(r -> r.filters(filter("client-token", "token-1", "token-9"))))
        .containsExactly(one);
    assertThat(found(r -> r.filters(filter("client-token", "token-9")))).isEmpty();
    assertThat(found(r -> r.filters(filter("image-id", image()))))
        .containsExactlyInAnyOrder(one, two, bare);
    assertThat(found(r -> r.filters(filter("instance-state-name", "stopped"))))
        .containsExactly(two);
    assertThat(
            found(
                r ->
                    r.filters(filter("tag-key", "Name"), filter("instance-state-name", "running"))))
        .containsExactly(one);
  }

  @Test
  @MotoLacks("filters of instances, but for those by tags, take no wildcards")
  default void filtersByNamesTakeWildcards() {
    ec2().importKeyPair(r -> r.keyName("hg-key").publicKeyMaterial(KeysContract.PUBLIC_KEY));
    String id = launch(r -> r.keyName("hg-key")).instanceId();
    assertThat(found(r -> r.filters(filter("key-name", "hg-*")))).containsExactly(id);
  }

  @Test
  default void instancesAreFoundByTheirProfile() {
    IamContract.makeProfile(iam());
    String id = launch(r -> r.iamInstanceProfile(p -> p.name("hg-p"))).instanceId();
    launch(r -> {});
    String arn = now(id).iamInstanceProfile().arn();
    assertThat(arn).endsWith(":instance-profile/hg-p");
    assertThat(found(r -> r.filters(filter("iam-instance-profile.arn", arn)))).containsExactly(id);
    assertThat(found(r -> r.filters(filter("iam-instance-profile.arn", arn + "2")))).isEmpty();
  }

  @Test
  @MotoLacks("a filter that does not exist is an internal error")
  default void filterThatDoesNotExistIsRefused() {
    launch(r -> {});
    assertRefused("InvalidParameterValue", () -> found(r -> r.filters(filter("owner", "ann"))));
  }

  @Test
  default void longListsComeInPages() {
    for (int i = 0; i < 12; i++) {
      launch(r -> {});
    }
    assertThat(ec2().describeInstances(r -> r.maxResults(5)).nextToken()).isNotEmpty();
    assertThat(found(r -> r.maxResults(5))).hasSize(12).doesNotHaveDuplicates();
  }

  @Test
  default void terminatedInstancesStayForAWhile() {
    List<String> ids = List.of(launchTagged("a"), launchTagged("b"));
    assertThat(ec2().terminateInstances(r -> r.instanceIds(ids)).terminatingInstances())
        .extracting(change -> change.currentState().name())
        .containsOnly(InstanceStateName.SHUTTING_DOWN);
    assertThat(found(r -> r.filters(filter("instance-state-name", "terminated"))))
        .containsExactlyInAnyOrderElementsOf(ids);
    ec2().terminateInstances(r -> r.instanceIds(ids));
    assertThat(now(ids.get(0)).state().name()).isEqualTo(InstanceStateName.TERMINATED);
  }

  @Test
  default void oneUnknownIdFailsTheWholeCall() {
    String id = launchTagged("a");
    List<String> ids = new ArrayList<>(List.of(id, "i-0123456789abcdef0"));
    assertRefused(
        "InvalidInstanceID.NotFound", () -> ec2().terminateInstances(r -> r.instanceIds(ids)));
    assertRefused(
        "InvalidInstanceID.NotFound", () -> ec2().describeInstances(r -> r.instanceIds(ids)));
    assertThat(now(id).state().name()).isEqualTo(InstanceStateName.RUNNING);
  }

  @Test
  default void protectedInstanceIsNotTerminated() {
    String id = launch(r -> r.disableApiTermination(true)).instanceId();
    assertRefused("OperationNotPermitted", () -> ec2().terminateInstances(r -> r.instanceIds(id)));
    assertThat(now(id).state().name()).isEqualTo(InstanceStateName.RUNNING);
  }

  @Test
  default void stoppedInstanceCanBeTerminated() {
    String id = launchTagged("a");
    ec2().stopInstances(r -> r.instanceIds(id));
    assertThat(now(id).state().name()).isEqualTo(InstanceStateName.STOPPED);
    ec2().terminateInstances(r -> r.instanceIds(id));
    assertThat(now(id).state().name()).isEqualTo(InstanceStateName.TERMINATED);
  }

  @Test
  default void metadataServiceIsSwitchedOff() {
    String id = launchTagged("a");
    now(id);
    ec2().modifyInstanceMetadataOptions(r -> r.instanceId(id).httpEndpoint("disabled"));
    assertThat(now(id).metadataOptions().httpEndpoint())
        .isEqualTo(InstanceMetadataEndpointState.DISABLED);
    assertRefused(
        "InvalidInstanceID.NotFound",
        () ->
            ec2()
                .modifyInstanceMetadataOptions(
                    r -> r.instanceId("i-0123456789abcdef0").httpEndpoint("disabled")));
  }

  @Test
  default void tagsAreAddedAndReplaced() {
    String id = launchTagged("a");
    ec2().createTags(r -> r.resources(id).tags(Tags.tag("Name", "b"), Tags.tag("k", "v")));
    assertThat(now(id).tags()).containsExactlyInAnyOrder(Tags.tag("Name", "b"), Tags.tag("k", "v"));
  }

  @ParameterizedTest
  @CsvSource({
    "ami-0123456789abcdef0, , , InvalidAMIID.NotFound",
    " , hg-missing, , InvalidKeyPair.NotFound",
    " , , sg-0123456789abcdef0, InvalidGroup.NotFound",
  })
  default void launchWithWhatIsNotThereIsRefused(
      String image, String key, String group, String code) {
    assertRefused(
        code,
        () ->
            launch(
                r ->
                    r.imageId(image == null ? image() : image)
                        .keyName(key)
                        .securityGroupIds(group == null ? List.of() : List.of(group))));
    assertThat(found(r -> {})).isEmpty();
  }

  @Test
  @MotoLacks("a launch with a profile that does not exist goes through")
  default void launchWithAProfileThatIsNotThereIsRefused() {
    assertThatExceptionOfType(Ec2Exception.class)
        .isThrownBy(() -> launch(r -> r.iamInstanceProfile(p -> p.name("hg-p"))))
        .satisfies(
            e -> {
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterValue");
              assertThat(e.awsErrorDetails().errorMessage())
                  .isEqualTo(
                      "Value (hg-p) for parameter iamInstanceProfile.name is invalid. Invalid IAM"
                          + " Instance Profile name");
            });
  }

  @Test
  default void userDataIsBase64() {
    assertRefused("InvalidUserData.Malformed", () -> launch(r -> r.userData("#!/bin/sh")));
  }
}
