package hgauto.aws.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.ec2.model.ImageState;

class FindOwnImageTest extends OwnImagesScene {
  @Test
  void findsWhatIsMadeFromTheSameWhoeverMadeIt() throws InterruptedException {
    String id = put(MADE_NAME, FINGERPRINT, ImageState.AVAILABLE);
    String other = put(NAME + "-fa1b2c3d", OTHER_FINGERPRINT, ImageState.AVAILABLE);

    assertThat(images.find(NAME, FINGERPRINT))
        .contains(new MachineImage(id, MADE_NAME, "/dev/sda1", 10));
    assertThat(images.find(NAME, OTHER_FINGERPRINT).map(MachineImage::id)).contains(other);
    assertThat(told).isEmpty();
    assertThat(pauses).isEmpty();
  }

  @Test
  void findsTheNewestOfSeveral() throws InterruptedException {
    put(MADE_NAME, FINGERPRINT, ImageState.AVAILABLE);
    String newest =
        aws.contents()
            .putImage(
                MADE_NAME + "-2",
                image ->
                    image
                        .creationDate("2099-01-01T00:00:00.000Z")
                        .tags(tag("HGIMAGEFINGERPRINT", FINGERPRINT)));
    put(MADE_NAME + "-3", FINGERPRINT, ImageState.AVAILABLE);

    assertThat(images.find(NAME, FINGERPRINT).map(MachineImage::id)).contains(newest);
  }

  @Test
  void doesNotTakeWhatIsNotMadeFromTheSame() throws InterruptedException {
    aws.contents().putImage(NAME, image -> {});
    aws.contents().putImage(MADE_NAME, image -> {});
    put("hg-linux-dev-debian13-0a1b2c3d", FINGERPRINT, ImageState.AVAILABLE);
    put(NAME + "x", FINGERPRINT, ImageState.AVAILABLE);

    assertThat(images.find(NAME, FINGERPRINT)).isEmpty();
  }

  @Test
  void doesNotTakeAnotherAccountsImage() throws InterruptedException {
    aws.contents()
        .putImage(
            MADE_NAME,
            image -> image.ownerId("666666666666").tags(tag("HGIMAGEFINGERPRINT", FINGERPRINT)));

    assertThat(images.find(NAME, FINGERPRINT)).isEmpty();
  }

  @Test
  void waitsForOneThatAnotherIsMaking() throws InterruptedException {
    aws.behaviour().imagesPendingFor(2);
    String id = bobMakes(FINGERPRINT);

    assertThat(images.find(NAME, FINGERPRINT).map(MachineImage::id)).contains(id);
    assertThat(pauses).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(5));
    assertThat(told)
        .containsExactly(
            "waiting for image " + id + " (" + MADE_NAME + "), which is pending, owner bob@desk");
  }

  @Test
  void doesNotWaitWhenThereIsOneAlready() throws InterruptedException {
    String id = put(MADE_NAME + "-2", FINGERPRINT, ImageState.AVAILABLE);
    aws.behaviour().imagesPendingFor(2);
    bobMakes(FINGERPRINT);

    assertThat(images.find(NAME, FINGERPRINT).map(MachineImage::id)).contains(id);
    assertThat(pauses).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "ERROR", "INVALID", "DEREGISTERED", "DISABLED"})
  void passesOverWhatCannotBeLaunchedAndNamesIt(ImageState state) throws InterruptedException {
    String id = put(MADE_NAME, FINGERPRINT, state);

    assertThat(images.find(NAME, FINGERPRINT)).isEmpty();
    assertThat(told)
        .containsExactly(
            "passing over image %s (%s), which is %s, owner bob@desk"
                .formatted(id, MADE_NAME, state));
  }

  @Test
  void passesOverOneThatFailsWhileItIsWaitedFor() throws InterruptedException {
    aws.behaviour().imagesPendingFor(1).imagesFail();
    String id = bobMakes(FINGERPRINT);

    assertThat(images.find(NAME, FINGERPRINT)).isEmpty();
    assertThat(pauses).hasSize(1);
    assertThat(told).hasSize(2).last().asString().startsWith("passing over image " + id);
  }

  @Test
  void waitsHalfAnHourAtMost() {
    aws.behaviour().imagesPendingFor(Integer.MAX_VALUE);
    String id = bobMakes(FINGERPRINT);

    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> images.find(NAME, FINGERPRINT));
    assertThat(failure.what())
        .startsWith("timed out waiting for an image " + NAME + " of fingerprint " + FINGERPRINT);
    assertThat(failure.why()).startsWith("image " + id).endsWith("owner bob@desk in 1800 s");
    assertThat(now).isEqualTo(START.plus(Duration.ofMinutes(30)).minusSeconds(5));
    assertThat(told).hasSize(1);
  }
}
