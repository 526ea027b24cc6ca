package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.Account;
import hgauto.aws.Clients;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** How slow and how full the account in memory can be, and what a test can put there. */
class BehaviourTest implements AccountUnderTest {
  private final FakeAccount fake = new FakeAccount(REGION);
  private final String image = fake.contents().putImage("debian-12", i -> {});

  @Override
  public Clients clients() {
    return fake;
  }

  @Override
  public Account account() {
    return fake.account();
  }

  @Override
  public FaultyCalls calls() {
    return fake;
  }

  @Override
  public String image() {
    return image;
  }

  private InstanceStateName state(String id) {
    return now(id).state().name();
  }

  @Test
  void instancesTakeLooksToStartAndToEnd() {
    fake.behaviour().instancesPendingFor(2).instancesEndingFor(1);
    String id = launch(r -> {}).instanceId();
    assertThat(List.of(state(id), state(id), state(id)))
        .containsExactly(
            InstanceStateName.PENDING, InstanceStateName.PENDING, InstanceStateName.RUNNING);
    ec2().terminateInstances(r -> r.instanceIds(id));
    assertThat(List.of(state(id), state(id)))
        .containsExactly(InstanceStateName.SHUTTING_DOWN, InstanceStateName.TERMINATED);
  }

  @Test
  void newInstanceIsHiddenAtFirst() {
    fake.behaviour().instancesHiddenFor(3);
    String id = launch(r -> {}).instanceId();
    assertThat(ec2().describeInstances().reservations()).isEmpty();
    assertRefused("InvalidInstanceID.NotFound", () -> now(id));
    assertRefused(
        "InvalidInstanceID.NotFound", () -> ec2().terminateInstances(r -> r.instanceIds(id)));
    assertThat(now(id).instanceId()).isEqualTo(id);
    assertThat(fake.contents().alive()).extracting(Instance::instanceId).containsExactly(id);
  }

  @Test
  void newGroupIsHiddenAtFirst() {
    fake.behaviour().groupsHiddenFor(2);
    String id = ec2().createSecurityGroup(r -> r.groupName("g").description("d")).groupId();
    assertRefused("InvalidGroup.NotFound", () -> launch(r -> r.securityGroupIds(id)));
    assertThat(ec2().describeSecurityGroups(r -> {}).securityGroups())
        .noneMatch(group -> group.groupId().equals(id));
    assertThat(launch(r -> r.securityGroupIds(id)).securityGroups()).hasSize(1);
  }

  @Test
  void newProfileIsHiddenAtFirstAndThenUnknownToEc2() {
    fake.behaviour().profilesHiddenFor(1).profilesRefusedFor(2);
    IamContract.makeProfile(iam());
    assertRefused(
        "NoSuchEntity", () -> iam().getInstanceProfile(r -> r.instanceProfileName("hg-p")));
    assertThat(iam().getInstanceProfile(r -> r.instanceProfileName("hg-p"))).isNotNull();
    for (int i = 0; i < 2; i++) {
      assertRefused(
          "InvalidParameterValue", () -> launch(r -> r.iamInstanceProfile(p -> p.name("hg-p"))));
    }
    assertThat(launch(r -> r.iamInstanceProfile(p -> p.name("hg-p")))).isNotNull();
  }

  @Test
  void groupStaysInUseForAWhileAfterItsInstances() {
    fake.behaviour().groupsInUseFor(2);
    String group = ec2().createSecurityGroup(r -> r.groupName("g").description("d")).groupId();
    String id = launch(r -> r.securityGroupIds(group)).instanceId();
    assertRefused("DependencyViolation", () -> ec2().deleteSecurityGroup(r -> r.groupId(group)));
    ec2().terminateInstances(r -> r.instanceIds(id));
    now(id);
    for (int i = 0; i < 2; i++) {
      assertRefused("DependencyViolation", () -> ec2().deleteSecurityGroup(r -> r.groupId(group)));
    }
    ec2().deleteSecurityGroup(r -> r.groupId(group));
  }

  @Test
  void launchesAreRefusedWhereThereIsNoRoom() {
    fake.behaviour()
        .refuseLaunches("t3.medium", REGION + "a", "InsufficientInstanceCapacity")
        .refuseLaunches("c5.large", null, "VcpuLimitExceeded");
    assertRefused(
        "InsufficientInstanceCapacity",
        () -> launch(r -> r.placement(p -> p.availabilityZone(REGION + "a"))));
    assertThat(launch(r -> {}).placement().availabilityZone()).isEqualTo(REGION + "b");
    assertRefused("VcpuLimitExceeded", () -> launch(r -> r.instanceType("c5.large")));
  }

  @Test
  void withoutADefaultNetworkASubnetMustBeNamed() {
    String subnet = fake.contents().putSubnet();
    fake.contents().removeDefaultNetwork();
    assertRefused("VPCIdNotSpecified", () -> launch(r -> {}));
    assertRefused(
        "VPCIdNotSpecified",
        () -> ec2().createSecurityGroup(r -> r.groupName("g").description("d")));
    assertThat(launch(r -> r.subnetId(subnet)).subnetId()).isEqualTo(subnet);
  }

  @Test
  void imagesTakeLooksAndMayFail() {
    fake.behaviour().imagesPendingFor(1);
    String id = launch(r -> {}).instanceId();
    now(id);
    String made = ec2().createImage(r -> r.instanceId(id).name("hg-image")).imageId();
    assertThat(stateOfImage(made)).isEqualTo(ImageState.PENDING);
    assertRefused("InvalidAMIID.Unavailable", () -> launch(r -> r.imageId(made)));
    assertThat(stateOfImage(made)).isEqualTo(ImageState.AVAILABLE);
    fake.behaviour().imagesFail();
    String failed = ec2().createImage(r -> r.instanceId(id).name("hg-image-2")).imageId();
    stateOfImage(failed);
    assertThat(stateOfImage(failed)).isEqualTo(ImageState.FAILED);
  }

  private ImageState stateOfImage(String id) {
    return ec2().describeImages(r -> r.imageIds(id)).images().get(0).state();
  }

  /** As EC2 does where instances are in several zones: those of other zones go. */
  @Test
  void protectedInstanceKeepsThoseOfItsZone() {
    String a = launch(r -> r.placement(p -> p.availabilityZone(REGION + "a"))).instanceId();
    String b = launch(r -> r.placement(p -> p.availabilityZone(REGION + "b"))).instanceId();
    String kept = launch(r -> r.placement(p -> p.availabilityZone(REGION + "b"))).instanceId();
    fake.contents().protect(b);
    assertRefused(
        "OperationNotPermitted", () -> ec2().terminateInstances(r -> r.instanceIds(a, b, kept)));
    assertThat(fake.contents().alive())
        .extracting(Instance::instanceId)
        .containsExactlyInAnyOrder(b, kept);
  }

  @Test
  void batchesAndPagesEndAtAThousand() {
    List<String> ids =
        IntStream.range(0, 1001).mapToObj(i -> fake.contents().putInstance(r -> {})).toList();
    assertRefused("InvalidParameterValue", () -> ec2().terminateInstances(r -> r.instanceIds(ids)));
    assertThat(ec2().describeInstances().reservations()).hasSize(1000);
    assertThat(ec2().describeInstancesPaginator().reservations()).hasSize(1001);
  }

  @Test
  void thingsBearTheAccountsTime() {
    Instant then = Instant.parse("2020-01-02T03:04:05Z");
    fake.setClock(Clock.fixed(then, ZoneOffset.UTC));
    assertThat(launch(r -> {}).launchTime()).isEqualTo(then);
  }

  @Test
  void instancesOfAutomationAreAsItLeavesThem() {
    String windows = fake.contents().putWindowsOfAutomation();
    String linux = fake.contents().putLinuxOfAutomation();
    assertThat(now(windows).tags()).containsExactly(Tags.tag("Name", "hg-temp-windows"));
    assertThat(now(linux).tags()).isEmpty();
    assertThat(now(linux).keyName()).isEqualTo("hg-automation");
    assertThat(now(linux).securityGroups())
        .extracting(group -> group.groupName())
        .containsExactly("hg-linux-dev-1");
  }
}
