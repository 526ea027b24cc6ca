package hgauto.aws.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.SpotMarketOptions;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

class RunInstancesTest {
  @TempDir private Path folder;
  private LeaseFixture at;
  private LeaseEntry entry;

  @BeforeEach
  void setUp() {
    at = new LeaseFixture(folder);
    entry = at.entry("us-west-2", Duration.ofHours(4));
  }

  private RunInstancesRequest of(LaunchRequest wanted, Optional<String> zone) {
    return RunInstances.of(wanted, entry, "c5.9xlarge", zone);
  }

  @Test
  void oneMachineThatEndsWhenItIsShutDown() {
    RunInstancesRequest request = of(at.request(), Optional.empty());
    assertThat(request.minCount()).isEqualTo(1);
    assertThat(request.maxCount()).isEqualTo(1);
    assertThat(request.clientToken()).isEqualTo(entry.token());
    assertThat(request.instanceInitiatedShutdownBehaviorAsString()).isEqualTo("terminate");
    assertThat(request.tagSpecifications())
        .extracting(TagSpecification::resourceTypeAsString)
        .containsExactly("instance", "volume");
  }

  @Test
  void theMetadataServiceTakesTokensOnlyAndAnswersNoContainer() {
    var options = of(at.request(), Optional.empty()).metadataOptions();
    assertThat(options.httpTokensAsString()).isEqualTo("required");
    assertThat(options.httpPutResponseHopLimit()).isEqualTo(1);
  }

  @Test
  void disksAreGp3AndEncryptedAndGoWithTheMachine() {
    assertThat(of(at.request(), Optional.empty()).blockDeviceMappings())
        .extracting(BlockDeviceMapping::deviceName)
        .containsExactly("/dev/sda1", "/dev/sdb");
    assertThat(of(at.request(), Optional.empty()).blockDeviceMappings())
        .extracting(BlockDeviceMapping::ebs)
        .allSatisfy(
            ebs -> {
              assertThat(ebs.volumeTypeAsString()).isEqualTo("gp3");
              assertThat(ebs.encrypted()).isTrue();
              assertThat(ebs.deleteOnTermination()).isTrue();
            })
        .extracting(ebs -> ebs.volumeSize())
        .containsExactly(12, 8);
  }

  @Test
  void zoneSubnetAndProfileAreThereOnlyWhereTheyAreAskedFor() {
    RunInstancesRequest plain = of(at.request(), Optional.empty());
    assertThat(plain.placement()).isNull();
    assertThat(plain.iamInstanceProfile()).isNull();
    assertThat(plain.networkInterfaces()).isEmpty();
    RunInstancesRequest rich =
        of(
            at.request(List.of("c5.9xlarge"), Optional.of("profile"), Optional.of("subnet-1")),
            Optional.of("us-west-2b"));
    assertThat(rich.placement().availabilityZone()).isEqualTo("us-west-2b");
    assertThat(rich.iamInstanceProfile().name()).isEqualTo("profile");
    assertThat(rich.securityGroupIds()).isEmpty();
    assertThat(rich.networkInterfaces())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.subnetId()).isEqualTo("subnet-1");
              assertThat(one.associatePublicIpAddress()).isTrue();
            });
  }

  @Test
  void spareCapacityIsTakenOnceAtWhateverItCostsAndItsRequestIsTaggedToo() {
    RunInstancesRequest request = of(at.spot(), Optional.empty());
    assertThat(request.instanceMarketOptions().marketTypeAsString()).isEqualTo("spot");
    assertThat(request.instanceMarketOptions().spotOptions())
        .isEqualTo(
            SpotMarketOptions.builder()
                .spotInstanceType("one-time")
                .instanceInterruptionBehavior("terminate")
                .build());
    assertThat(request.tagSpecifications())
        .extracting(TagSpecification::resourceTypeAsString)
        .containsExactly("instance", "volume", "spot-instances-request");
    assertThat(request.tagSpecifications())
        .extracting(TagSpecification::tags)
        .containsOnly(request.tagSpecifications().get(0).tags());
    assertThat(of(at.request(), Optional.empty()).instanceMarketOptions()).isNull();
  }

  @Test
  void itIsTheSameEveryTimeSoThatItMayBeRepeated() {
    assertThat(of(at.request(), Optional.empty())).isEqualTo(of(at.request(), Optional.empty()));
  }
}
