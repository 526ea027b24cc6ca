package hgauto.aws.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.aws.Owner;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import hgauto.testbed.aws.FakeAccount;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** An account, and how images come to be in it; time passes by itself. */
abstract class OwnImagesScene {
  static final Instant START = Instant.parse("2026-11-24T20:15:30Z");
  static final String NAME = "hg-linux-dev-debian12";
  static final String FINGERPRINT =
      "0a1b2c3d06af77ec054f7202a22b9eaa2403afd6910dfbbeafee4da76903f992";
  static final String OTHER_FINGERPRINT = FINGERPRINT.replace('0', 'f');
  static final String MADE_NAME = NAME + "-0a1b2c3d";

  final FakeAccount aws = new FakeAccount();
  final List<String> told = new ArrayList<>();
  final List<Duration> pauses = new ArrayList<>();

  /** What happens in each pause. */
  Runnable meanwhile = () -> {};

  Instant now = START;
  final OwnImages images = new OwnImages(aws.account(), "ann@laptop", poll(), told::add);

  Poll poll() {
    InstantSource clock = () -> now;
    return new Poll(
        clock.withZone(ZoneOffset.UTC),
        pause -> {
          pauses.add(pause);
          now = now.plus(pause);
          meanwhile.run();
        });
  }

  String put(String name, String fingerprint, ImageState state) {
    return aws.contents()
        .putImage(
            name,
            image ->
                image
                    .state(state)
                    .tags(tag(Owner.TAG, "bob@desk"), tag("HGIMAGEFINGERPRINT", fingerprint)));
  }

  /** The image comes to another state. */
  void become(String id, ImageState state, String reason) {
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
  String bobMakes(String fingerprint) {
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

  String onlyImage() {
    assertThat(aws.contents().images()).hasSize(1);
    return aws.contents().images().get(0).imageId();
  }

  Image image(String id) {
    return aws.contents().images().stream()
        .filter(image -> image.imageId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  String instance() {
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

  EnvironmentException failureOfMake() {
    String instance = instance();
    return catchThrowableOfType(
        EnvironmentException.class, () -> images.make(instance, NAME, FINGERPRINT));
  }

  static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  static Map<String, String> map(List<Tag> tags) {
    return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
  }
}
