package hgauto.aws.image;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Sweep;
import hgauto.error.EnvironmentException;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;

class MakeOwnImageTest extends OwnImagesScene {
  @Test
  void makesOneWithItsTagsInTheRequest() throws InterruptedException {
    aws.behaviour().imagesPendingFor(2);
    String before = put(NAME + "-fa1b2c3d", OTHER_FINGERPRINT, ImageState.AVAILABLE);

    MachineImage made = images.make(instance(), NAME, FINGERPRINT);

    assertThat(made).isEqualTo(new MachineImage(made.id(), MADE_NAME, "/dev/xvda", 12));
    Image image = image(made.id());
    assertThat(image.state()).isEqualTo(ImageState.AVAILABLE);
    Map<String, String> tags =
        Map.of("Name", MADE_NAME, "hgauto:owner", "ann@laptop", "HGIMAGEFINGERPRINT", FINGERPRINT);
    assertThat(map(image.tags())).isEqualTo(tags);
    String snapshot = image.blockDeviceMappings().get(0).ebs().snapshotId();
    assertThat(aws.contents().snapshots())
        .filteredOn(found -> found.snapshotId().equals(snapshot))
        .singleElement()
        .satisfies(found -> assertThat(map(found.tags())).isEqualTo(tags));
    assertThat(pauses).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(5));
    assertThat(aws.actions()).containsOnly("ec2:CreateImage", "ec2:DescribeImages");
    assertThat(image(before).state()).isEqualTo(ImageState.AVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatItMakesIsFoundByCleanUpWhetherItSucceedsOrNot(boolean fails)
      throws InterruptedException {
    aws.behaviour().imagesPendingFor(1);
    if (fails) {
      aws.behaviour().imagesFail();
      assertThat(failureOfMake().what()).endsWith("has failed");
    } else {
      images.make(instance(), NAME, FINGERPRINT);
    }

    Inventory inventory = Sweep.of(aws.account(), FakeAccount.REGION, Set.of(Kind.IMAGES));

    assertThat(inventory.images())
        .singleElement()
        .satisfies(
            image -> {
              assertThat(image.ownership().owner()).contains("ann@laptop");
              assertThat(image.snapshotIds()).hasSize(1);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"})
  void givesEc2TimeToKnowTheNewImage(String code) throws InterruptedException {
    aws.onCalls("ec2:DescribeImages", 1, 2, Fault.refused(code));

    MachineImage made = images.make(instance(), NAME, FINGERPRINT);

    assertThat(aws.contents().images()).extracting(Image::imageId).containsExactly(made.id());
    assertThat(pauses).hasSize(2);
  }

  @Test
  void tellsWhyAnImageFailedAndHowToRemoveIt() {
    aws.behaviour().imagesPendingFor(Integer.MAX_VALUE);
    meanwhile = () -> become(onlyImage(), ImageState.FAILED, "Internal error");

    EnvironmentException failure = failureOfMake();

    assertThat(failure.what())
        .isEqualTo("image " + onlyImage() + " (" + MADE_NAME + ") in us-west-2 has failed");
    assertThat(failure.why()).isEqualTo("it is failed: Internal error");
    assertThat(failure.next())
        .contains("hgauto purge-ec2-resources")
        .endsWith(
            "aws ec2 deregister-image --delete-associated-snapshots --region us-west-2 --image-id "
                + onlyImage());
  }

  @Test
  void noticesThatSomebodyRemovesItMeanwhile() {
    aws.behaviour().imagesPendingFor(Integer.MAX_VALUE);
    meanwhile = () -> aws.contents().vanish(onlyImage());

    assertThat(failureOfMake().why()).isEqualTo("somebody removed it while it was being made");
    assertThat(pauses).hasSize(1);
  }

  @Test
  void waitsHalfAnHourForItsOwnImage() {
    aws.behaviour().imagesPendingFor(Integer.MAX_VALUE);

    EnvironmentException failure = failureOfMake();

    assertThat(failure.what()).contains(onlyImage());
    assertThat(failure.why()).isEqualTo("it was pending in 1800 s");
  }

  @Test
  void takesTheOneThatAnotherMakesAtThatTime() throws InterruptedException {
    aws.behaviour().imagesPendingFor(3);
    List<String> ids = new ArrayList<>();
    aws.onCall("ec2:CreateImage", 1, Fault.before(() -> ids.add(bobMakes(FINGERPRINT))));

    MachineImage taken = images.make(instance(), NAME, FINGERPRINT);

    assertThat(ids).containsExactly(taken.id());
    assertThat(aws.contents().images()).hasSize(1);
  }

  @Test
  void makesNoSecondOneWhenTheAnswerWasLost() throws InterruptedException {
    aws.behaviour().imagesPendingFor(3);
    aws.onCall("ec2:CreateImage", 1, Fault.ANSWER_LOST);

    assertThat(failureOfMake().what()).contains("ec2:CreateImage");
    MachineImage found = images.make(instance(), NAME, FINGERPRINT);

    assertThat(found.id()).isEqualTo(onlyImage());
  }

  @Test
  void goesPastAFailedImageThatHasTheName() throws InterruptedException {
    String failed = put(MADE_NAME, FINGERPRINT, ImageState.FAILED);

    MachineImage made = images.make(instance(), NAME, FINGERPRINT);

    assertThat(made.name()).isEqualTo(MADE_NAME + "-2");
    assertThat(image(failed).state()).isEqualTo(ImageState.FAILED);
    assertThat(told).singleElement().asString().startsWith("passing over image " + failed);
  }

  @Test
  void doesNotTryNamesForEver() {
    put(MADE_NAME, FINGERPRINT, ImageState.FAILED);
    for (int count = 2; count <= 9; count++) {
      put(MADE_NAME + "-" + count, FINGERPRINT, ImageState.FAILED);
    }

    EnvironmentException failure = failureOfMake();

    assertThat(failure.what()).isEqualTo("cannot make image " + MADE_NAME + " in us-west-2");
    assertThat(aws.actions()).filteredOn("ec2:CreateImage"::equals).hasSize(9);
  }

  @Test
  void doesNotMakeASecondOneOfANameThatIsTakenUnseen() {
    aws.onCall("ec2:CreateImage", Fault.refused("InvalidAMIName.Duplicate"));

    assertThat(failureOfMake().what())
        .isEqualTo("timed out waiting for image " + MADE_NAME + ", which exists, to be listed");
    assertThat(aws.contents().images()).isEmpty();
  }

  @Test
  void namesTheCallThatIsForbidden() {
    aws.onCall("ec2:CreateImage", Fault.FORBIDDEN);

    EnvironmentException failure = failureOfMake();

    assertThat(failure.what()).startsWith("cannot make image " + MADE_NAME + " of i-");
    assertThat(failure.next()).contains("ec2:CreateImage").contains("docs/aws-permissions.md");
  }
}
