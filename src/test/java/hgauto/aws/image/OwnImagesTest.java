package hgauto.aws.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.aws.Owner;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Sweep;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

class OwnImagesTest {
  private static final Instant START = Instant.parse("2026-11-24T20:15:30Z");
  private static final String NAME = "hg-linux-dev-debian12";
  private static final String FINGERPRINT =
      "0a1b2c3d06af77ec054f7202a22b9eaa2403afd6910dfbbeafee4da76903f992";
  private static final String OTHER_FINGERPRINT = FINGERPRINT.replace('0', 'f');
  private static final String MADE_NAME = NAME + "-0a1b2c3d";

  private final FakeAccount aws = new FakeAccount();
  private final List<String> told = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();

  /** What happens in each pause. */
  private Runnable meanwhile = () -> {};

  private Instant now = START;
  private final OwnImages images = new OwnImages(aws.account(), "ann@laptop", poll(), told::add);

  private Poll poll() {
    InstantSource clock = () -> now;
    return new Poll(
        clock.withZone(ZoneOffset.UTC),
        pause -> {
          pauses.add(pause);
          now = now.plus(pause);
          meanwhile.run();
        });
  }

  private String put(String name, String fingerprint, ImageState state) {
    return aws.contents()
        .putImage(
            name,
            image ->
                image
                    .state(state)
                    .tags(tag(Owner.TAG, "bob@desk"), tag("HGIMAGEFINGERPRINT", fingerprint)));
  }

  /** The image comes to another state. */
  private void become(String id, ImageState state, String reason) {
    Image old = image(id);
    aws.contents()
        .putImage(
            old.name(),
            image ->
                image
                    .imageId(id)
                    .tags(old.tags())
                    .state(state)
                    .stateReason(why -> why.code("Client.InternalError").message(reason)));
  }

  /** Another makes an image at that time. */
  private String bobMakes(String fingerprint) {
    String instance = instance();
    return aws.ec2(FakeAccount.REGION)
        .createImage(
            request ->
                request
                    .instanceId(instance)
                    .name(MADE_NAME)
                    .tagSpecifications(
                        TagSpecification.builder()
                            .resourceType(ResourceType.IMAGE)
                            .tags(
                                tag(Owner.TAG, "bob@desk"), tag("HGIMAGEFINGERPRINT", fingerprint))
                            .build()))
        .imageId();
  }

  private String onlyImage() {
    assertThat(aws.contents().images()).hasSize(1);
    return aws.contents().images().get(0).imageId();
  }

  private Image image(String id) {
    return aws.contents().images().stream()
        .filter(image -> image.imageId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private String instance() {
    String disk = aws.contents().putVolume(volume -> volume.size(12));
    return aws.contents()
        .putInstance(
            instance ->
                instance
                    .rootDeviceName("/dev/xvda")
                    .blockDeviceMappings(
                        InstanceBlockDeviceMapping.builder()
                            .deviceName("/dev/xvda")
                            .ebs(ebs -> ebs.volumeId(disk))
                            .build()));
  }

  private EnvironmentException failureOfMake() {
    String instance = instance();
    return catchThrowableOfType(
        EnvironmentException.class, () -> images.make(instance, NAME, FINGERPRINT));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static Map<String, String> map(List<Tag> tags) {
    return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
  }

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
              assertThat(image.fingerprint()).contains(FINGERPRINT);
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
