package hgauto.testbed.aws;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.aws.Account;
import hgauto.aws.Clients;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.iam.IamClient;

/** An account, empty but for one image, of which a test asks what it would ask of AWS. */
interface AccountUnderTest {
  String REGION = "us-west-2";

  Clients clients();

  /** As production code has it. */
  Account account();

  FaultyCalls calls();

  /** The id of an image that is there. */
  String image();

  default Ec2Client ec2() {
    return clients().ec2(REGION);
  }

  default IamClient iam() {
    return clients().iam();
  }

  /** Launches an instance, of which the test says more. */
  default Instance launch(Consumer<RunInstancesRequest.Builder> more) {
    RunInstancesRequest.Builder request =
        RunInstancesRequest.builder()
            .imageId(image())
            .instanceType(InstanceType.T3_MEDIUM)
            .minCount(1)
            .maxCount(1);
    more.accept(request);
    return ec2().runInstances(request.build()).instances().get(0);
  }

  /** The instance as it is now. */
  default Instance now(String id) {
    return ec2().describeInstances(r -> r.instanceIds(id)).reservations().get(0).instances().get(0);
  }

  static TagSpecification tags(ResourceType type, String... keysAndValues) {
    Tag[] tags = new Tag[keysAndValues.length / 2];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = Tags.tag(keysAndValues[2 * i], keysAndValues[2 * i + 1]);
    }
    return TagSpecification.builder().resourceType(type).tags(List.of(tags)).build();
  }

  static void assertRefused(String code, ThrowingCallable call) {
    assertThatExceptionOfType(AwsServiceException.class)
        .isThrownBy(call)
        .satisfies(
            e ->
                org.assertj.core.api.Assertions.assertThat(e.awsErrorDetails().errorCode())
                    .isEqualTo(code));
  }
}
