package hgauto.aws.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import hgauto.error.EnvironmentException;
import hgauto.testbed.aws.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Launching. */
class LeasesTest {
  @TempDir private Path folder;
  private LeaseFixture at;

  @BeforeEach
  void setUp() {
    at = new LeaseFixture(folder);
  }

  private EnvironmentException refusedLaunch(LaunchRequest request) {
    return catchThrowableOfType(
        EnvironmentException.class, () -> at.leases().launch(request).close());
  }

  private static Map<String, String> tags(List<Tag> tags) {
    return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
  }

  @Test
  void theEntryIsInTheJournalAndHeldBeforeTheRequestIsSent() throws Exception {
    at.fake.onCall(
        "ec2:RunInstances",
        Fault.before(
            () -> {
              assertThat(at.entries()).hasSize(1);
              assertThat(at.journal.claim(entry -> true, found -> {})).isEmpty();
            }));
    try (Lease lease = at.leases().launch(at.request())) {
      assertThat(at.entries()).hasSize(1);
      assertThat(at.fake.contents().instances())
          .extracting(Instance::instanceId, Instance::clientToken)
          .containsExactly(tuple(lease.id(), at.entries().get(0)));
    }
  }

  @Test
  void theInstanceAndItsVolumesAreTaggedByTheRequestThatMakesThem() throws Exception {
    try (Lease lease = at.leases().launch(at.request())) {
      Instance instance = at.fake.contents().instances().get(0);
      assertThat(tags(instance.tags()))
          .containsEntry("Name", "hg-linux-dev")
          .containsEntry("hgauto:run", "run-1")
          .containsEntry("hgauto:expires", lease.expires().toString())
          .containsKey("hgauto:owner");
      assertThat(at.fake.contents().volumes())
          .hasSize(2)
          .allSatisfy(volume -> assertThat(tags(volume.tags())).isEqualTo(tags(instance.tags())));
      assertThat(at.fake.actions()).containsExactly("sts:GetCallerIdentity", "ec2:RunInstances");
    }
  }

  @Test
  void theExpiryIsByTheClockOfAws() throws Exception {
    Clock aws = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10));
    at.fake.setClock(aws);
    try (Lease lease = at.leases(at.fake.account()).launch(at.request())) {
      Instant expected = aws.instant().plus(LaunchRequest.DEFAULT_LIFETIME);
      assertThat(Duration.between(lease.expires(), expected).abs())
          .isLessThan(Duration.ofSeconds(10));
      String userData =
          new String(Base64.getDecoder().decode(at.fake.contents().userData(lease.id())), UTF_8);
      assertThat(userData).contains("\"" + lease.expires().getEpochSecond() + "\"");
    }
  }

  @Test
  void aLostAnswerIsNoSecondLaunch() throws Exception {
    at.fake.onCall("ec2:RunInstances", Fault.ANSWER_LOST);
    at.fake.behaviour().instancesHiddenFor(2);
    try (Lease lease = at.leases().launch(at.request())) {
      assertThat(at.fake.contents().instances())
          .extracting(Instance::instanceId)
          .containsExactly(lease.id());
      assertThat(at.told)
          .contains(lease.id() + " was launched, though the answer was lost (Connection reset)");
    }
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whereNobodyKnowsWhetherItWasLaunchedTheNextCommandLooks() throws Exception {
    at.fake.onCall("ec2:RunInstances", Fault.ANSWER_LOST);
    at.fake.behaviour().instancesHiddenFor(20);
    EnvironmentException e = refusedLaunch(at.request());
    assertThat(e.what())
        .isEqualTo(
            "cannot launch hg-linux-dev (c5.9xlarge) in us-west-2 (ec2:RunInstances), or nobody"
                + " knows whether it was");
    assertThat(e.why()).isEqualTo("Connection reset");
    assertThat(e.next())
        .startsWith("hgauto list-ec2-resources (or any command that uses EC2) looks for it");
    assertThat(at.alive()).hasSize(1);
    at.recover(); // does not see it either
    assertThat(at.entries()).hasSize(1);
    for (int i = 0; i < 20; i++) {
      at.recover();
    }
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void aCertainRefusalLeavesNoEntryAndNamesTheCallAndTheRemedy() {
    at.fake.onCall("ec2:RunInstances", Fault.FORBIDDEN);
    EnvironmentException e = refusedLaunch(at.request());
    assertThat(e.what())
        .isEqualTo("cannot launch hg-linux-dev (c5.9xlarge) in us-west-2 (ec2:RunInstances)");
    assertThat(e.next()).startsWith("Allow ec2:RunInstances (docs/aws-permissions.md");
    assertThat(at.entries()).isEmpty();
    assertThat(at.fake.actions()).doesNotContain("ec2:DescribeInstances");
  }

  @Test
  void aNewInstanceProfileIsWaitedForWithTheSameToken() throws Exception {
    at.fake.behaviour().profilesRefusedFor(3);
    makeProfile();
    try (Lease lease =
        at.leases()
            .launch(
                at.request(List.of("t3.medium"), Optional.of("hg-profile"), Optional.empty()))) {
      assertThat(lease.id()).isNotEmpty();
      assertThat(at.entries()).hasSize(1);
      assertThat(at.fake.actions().stream().filter("ec2:RunInstances"::equals)).hasSize(4);
      assertThat(at.time.slept()).isEqualTo(Duration.ofSeconds(6));
    }
  }

  private void makeProfile() {
    var iam = at.account.clients().iam();
    iam.createRole(r -> r.roleName("hg-role").assumeRolePolicyDocument("{}"));
    iam.createInstanceProfile(r -> r.instanceProfileName("hg-profile"));
    iam.addRoleToInstanceProfile(r -> r.instanceProfileName("hg-profile").roleName("hg-role"));
  }

  @Test
  void anInstanceProfileThatDoesNotComeIsAnErrorAfterTwoMinutes() {
    EnvironmentException e =
        refusedLaunch(
            at.request(List.of("t3.medium"), Optional.of("hg-profile"), Optional.empty()));
    assertThat(e).hasMessage("timed out waiting for EC2 to know the instance profile");
    assertThat(e.why()).contains("Invalid IAM Instance Profile name");
    assertThat(e.next()).startsWith("Run the command again");
    assertThat(at.time.slept()).isBetween(Duration.ofSeconds(110), Duration.ofMinutes(2));
    assertThat(at.entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "InsufficientInstanceCapacity",
        "InsufficientHostCapacity",
        "SpotMaxPriceTooLow",
        "Unsupported"
      })
  void withoutRoomTheNextZoneIsTriedAndThenTheNextType(String code) throws Exception {
    at.fake.behaviour().refuseLaunches("c5.9xlarge", null, code);
    at.fake.behaviour().refuseLaunches("c6i.8xlarge", "us-west-2a", code);
    try (Lease lease =
        at.leases()
            .launch(
                at.request(
                    InstanceTypes.orSimilar("c5.9xlarge"), Optional.empty(), Optional.empty()))) {
      Instance instance = at.fake.contents().instances().get(0);
      assertThat(instance.instanceId()).isEqualTo(lease.id());
      assertThat(instance.instanceTypeAsString()).isEqualTo("c6i.8xlarge");
      assertThat(at.entries()).containsExactly(instance.clientToken());
    }
    assertThat(at.fake.actions())
        .containsSubsequence(
            "ec2:RunInstances",
            "ec2:DescribeAvailabilityZones",
            "ec2:RunInstances",
            "ec2:RunInstances",
            "ec2:RunInstances",
            "ec2:RunInstances",
            "ec2:TerminateInstances");
    assertThat(at.told).anyMatch(line -> line.contains("(c5.9xlarge) in us-west-2b"));
  }

  /** What EC2 says to a request that the SDK has repeated, since the first answer was lost. */
  private static AwsServiceException repeated(int status, String code, String message) {
    AwsServiceException.Builder builder = Ec2Exception.builder();
    builder
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .statusCode(status)
        .numAttempts(2);
    return builder.build();
  }

  private void launchUnheard(AwsServiceException answer) {
    at.fake.onCall(
        "ec2:RunInstances",
        1,
        Fault.after(
            () -> {
              throw answer;
            }));
  }

  @Test
  void whatAnEarlierAttemptMayHaveLaunchedIsLookedForThoughALaterOneIsRefused() throws Exception {
    launchUnheard(repeated(400, "InvalidParameterValue", "Invalid IAM Instance Profile name"));
    at.fake.onCall("ec2:RunInstances", 2, Fault.FORBIDDEN);
    try (Lease lease = at.leases().launch(at.request())) {
      assertThat(at.alive()).containsExactly(lease.id());
    }
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whereNothingIsFoundOfAnEarlierAttemptTheEntryStays() throws Exception {
    launchUnheard(repeated(400, "InvalidParameterValue", "Invalid IAM Instance Profile name"));
    at.fake.onCall("ec2:RunInstances", 2, Fault.FORBIDDEN);
    at.fake.behaviour().instancesHiddenFor(20);
    assertThat(refusedLaunch(at.request()).what()).endsWith("nobody knows whether it was");
    assertThat(at.entries()).hasSize(1);
  }

  @Test
  void noRoomForARepeatedRequestIsNoReasonToLaunchASecond() throws Exception {
    launchUnheard(repeated(500, "InsufficientInstanceCapacity", "none"));
    try (Lease lease = at.leases().launch(at.request())) {
      assertThat(at.fake.contents().instances())
          .extracting(Instance::instanceId)
          .containsExactly(lease.id());
    }
  }

  @Test
  void noRoomForARepeatedRequestKeepsTheEntryAndTheNextZoneIsTried() throws Exception {
    launchUnheard(repeated(500, "InsufficientInstanceCapacity", "none"));
    at.fake.behaviour().instancesHiddenFor(2);
    try (Lease lease = at.leases().launch(at.request())) {
      assertThat(lease.id()).isNotEmpty();
      assertThat(at.entries()).hasSize(2);
      assertThat(at.time.slept()).isZero();
    }
    at.recover();
    at.recover();
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  /** A person may have deleted the default subnet of one zone. */
  @ParameterizedTest
  @ValueSource(strings = {"MissingInput", "DefaultSubnetDoesNotExist"})
  void aZoneWithoutANetworkIsPassedOver(String code) throws Exception {
    at.fake.behaviour().refuseLaunches(null, "us-west-2a", "InsufficientInstanceCapacity");
    at.fake.behaviour().refuseLaunches(null, "us-west-2b", "InsufficientInstanceCapacity");
    at.fake.onCall("ec2:RunInstances", 1, Fault.refused("InsufficientInstanceCapacity"));
    at.fake.onCall("ec2:RunInstances", 2, Fault.refused(code));
    try (Lease lease = at.leases().launch(at.request())) {
      assertThat(lease.id()).isNotEmpty();
      assertThat(at.entries()).hasSize(1);
    }
    at.fake.withoutFaults();
    at.fake.onCall("ec2:RunInstances", 1, Fault.refused("InsufficientInstanceCapacity"));
    at.fake.onCalls("ec2:RunInstances", 2, 9, Fault.refused(code));
    EnvironmentException e = refusedLaunch(at.request());
    assertThat(e.why())
        .as("why it was not in the region")
        .startsWith("InsufficientInstanceCapacity");
    assertThat(e.next()).contains("--aws-region");
  }

  @Test
  void everyAttemptHasATokenOfItsOwn() throws Exception {
    at.fake.onCalls("ec2:RunInstances", 1, 3, Fault.refused("InsufficientInstanceCapacity"));
    Set<String> tokens = new TreeSet<>();
    at.fake.onCall("ec2:RunInstances", 4, Fault.before(() -> tokens.addAll(at.entries())));
    try (Lease lease = at.leases().launch(at.request())) {
      assertThat(lease.id()).isNotEmpty();
    }
    assertThat(tokens).hasSize(1); // those of the attempts before are gone
  }

  @Test
  void whereThereIsNoRoomAtAllNothingIsLeft() {
    at.fake.behaviour().refuseLaunches(null, null, "InsufficientInstanceCapacity");
    EnvironmentException e =
        refusedLaunch(
            at.request(List.of("t3.medium", "t3a.medium"), Optional.empty(), Optional.empty()));
    assertThat(e).hasMessageContaining("(t3a.medium) in us-west-2c");
    assertThat(e.next()).contains("--instance-type").contains("--aws-region");
    assertThat(at.entries()).isEmpty();
    assertThat(at.fake.actions().stream().filter("ec2:RunInstances"::equals)).hasSize(8);
    assertThat(at.fake.actions().stream().filter("ec2:DescribeAvailabilityZones"::equals))
        .hasSize(1);
  }

  @Test
  void aSubnetIsInOneZoneOnly() throws Exception {
    String subnet = at.fake.contents().putSubnet();
    LaunchRequest request = at.request(List.of("t3.medium"), Optional.empty(), Optional.of(subnet));
    try (Lease lease = at.leases().launch(request)) {
      assertThat(lease.id()).isNotEmpty();
      assertThat(at.fake.contents().instances().get(0).subnetId()).isEqualTo(subnet);
    }
    at.fake.behaviour().refuseLaunches(null, null, "InsufficientInstanceCapacity");
    assertThat(refusedLaunch(request)).isNotNull();
    assertThat(at.fake.actions()).doesNotContain("ec2:DescribeAvailabilityZones");
  }

  @ParameterizedTest
  @ValueSource(strings = {"VcpuLimitExceeded", "InstanceLimitExceeded"})
  void aLimitNamesServiceQuotasAndTheOption(String code) {
    at.fake.behaviour().refuseLaunches(null, null, code);
    EnvironmentException e = refusedLaunch(at.request());
    assertThat(e.why()).startsWith(code);
    assertThat(e.next()).contains("Service Quotas").contains("--instance-type");
    assertThat(at.entries()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "MaxSpotInstanceCountExceeded, Leave --spot out",
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted, --aws-service-name spot.amazonaws.com",
    "InsufficientInstanceCapacity, without --spot",
    "SpotMaxPriceTooLow, without --spot"
  })
  void whereSpareCapacityIsRefusedTheErrorNamesTheOption(String code, String next) {
    at.fake.onCalls("ec2:RunInstances", 1, 9, Fault.refused(code));
    EnvironmentException e = refusedLaunch(at.spot());
    assertThat(e.why()).startsWith(code);
    assertThat(e.next()).contains(next);
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void withoutADefaultNetworkTheErrorNamesTheOption() {
    at.fake.contents().removeDefaultNetwork();
    EnvironmentException e = refusedLaunch(at.request());
    assertThat(e.why()).startsWith("VPCIdNotSpecified");
    assertThat(e.next()).contains("--subnet");
    e =
        refusedLaunch(
            at.request(List.of("t3.medium"), Optional.empty(), Optional.of("subnet-none")));
    assertThat(e.why()).startsWith("InvalidSubnetID.NotFound");
    assertThat(e.next()).contains("--subnet");
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void withoutAJournalNothingIsLaunched() throws Exception {
    LeaseJournal none = new LeaseJournal(Files.createFile(folder.resolve("file")));
    Leases leases =
        new Leases(at.account, none, "run-1", at.time.poll(), at.told::add, at.told::add);
    assertThatThrownBy(() -> leases.launch(at.request()).close())
        .isInstanceOf(EnvironmentException.class)
        .hasMessageStartingWith("cannot use the journal of leases");
    assertThat(at.fake.actions()).doesNotContain("ec2:RunInstances");
  }
}
