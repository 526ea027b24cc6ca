package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** What the proxy adds to moto beside the contract. */
class AwsProxyTest {
  private final AwsProxy proxy = new AwsProxy();
  private final Ec2Client ec2 = proxy.clients().ec2(AwsProxy.REGION);

  @AfterEach
  void close() {
    proxy.close();
  }

  private String launch() {
    return ec2.runInstances(r -> r.imageId(AwsProxy.DEBIAN).minCount(1).maxCount(1))
        .instances()
        .get(0)
        .instanceId();
  }

  @Test
  void eachIsAnAccountOfItsOwn() {
    launch();
    try (AwsProxy other = new AwsProxy()) {
      assertThat(other.account().caller().account()).isEqualTo(other.id());
      assertThat(other.id()).isNotEqualTo(proxy.id());
      assertThat(other.clients().ec2(AwsProxy.REGION).describeInstances().reservations()).isEmpty();
    }
  }

  @Test
  void answersTakeAsLongAsTheTestWants() {
    ec2.describeRegions();
    proxy.delay(Duration.ofMillis(300));
    long began = System.nanoTime();
    ec2.describeRegions();
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
  }

  @Test
  void newInstanceIsHiddenAtFirst() {
    proxy.hideInstancesFor(3);
    String id = launch();
    assertThat(ec2.describeInstances().reservations()).isEmpty();
    assertRefused(
        "InvalidInstanceID.NotFound", () -> ec2.terminateInstances(r -> r.instanceIds(id)));
    assertRefused(
        "InvalidInstanceID.NotFound", () -> ec2.describeInstances(r -> r.instanceIds(id)));
    assertThat(ec2.describeInstances().reservations()).hasSize(1);
  }

  @Test
  void lostAnswerOfALaunchIsRepeatedAndLaunchesOnce() {
    proxy.onCalls("ec2:RunInstances", 1, 2, Fault.ANSWER_LOST);
    ec2.runInstances(r -> r.imageId(AwsProxy.DEBIAN).clientToken("t").minCount(1).maxCount(1));
    assertThat(ec2.describeInstances().reservations()).hasSize(1);
    assertThat(proxy.actions()).filteredOn("ec2:RunInstances"::equals).hasSize(3);
  }

  @Test
  void imagesOfOthersAreThere() {
    assertThat(ec2.describeImages(r -> r.owners("136693071363")).images())
        .singleElement()
        .satisfies(image -> assertThat(image.imageId()).isEqualTo(AwsProxy.DEBIAN));
    assertThat(ec2.describeImages(r -> r.owners("self")).images()).isEmpty();
  }
}
