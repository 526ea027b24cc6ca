package hgauto.aws.image;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.Owner;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.CreateImageRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * The images of ours in the account: finds them, and makes them. Names of images are unique in an
 * account and region, so ours end with the beginning of their fingerprint: {@code
 * hg-linux-dev-debian12-0a1b2c3d}. Those of different fingerprints stand side by side, and nothing
 * here ever removes one.
 */
public final class OwnImages {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration AT_MOST = Duration.ofMinutes(30);

  /** How long an image that is there may be missing in a list of images. */
  private static final Duration UNSEEN = Duration.ofMinutes(1);

  /** A failed image keeps its name; so many of them may stand in the way. */
  private static final int NAMES = 9;

  private static final int FINGERPRINT_DIGITS = 8;

  private static final Set<String> UNKNOWN_ID =
      Set.of("InvalidAMIID.NotFound", "InvalidAMIID.Unavailable");

  private final Account account;
  private final String owner;
  private final Poll poll;
  private final Consumer<String> told;

  /**
   * @param owner whose the images are that are made here, as {@link Owner#here}
   * @param told is given sentences for a person: what is waited for, and what is passed over
   */
  public OwnImages(Account account, String owner, Poll poll, Consumer<String> told) {
    this.account = account;
    this.owner = owner;
    this.poll = poll;
    this.told = told;
  }

  /**
   * The newest image made from the same, whoever made it. One that is just being made is waited
   * for; one that has failed or is disabled is passed over.
   *
   * @param name without its end, such as {@code hg-linux-dev-debian12}
   * @param fingerprint as {@link ImageFingerprint#hex}
   * @return empty if it has to be made
   * @throws EnvironmentException if a call fails, or it is still being made after half an hour
   */
  public Optional<MachineImage> find(String name, String fingerprint) throws InterruptedException {
    Set<String> mentioned = new HashSet<>();
    return poll.until(
        "an image " + name + " of fingerprint " + fingerprint + " in " + region(),
        EVERY,
        AT_MOST,
        saw -> {
          List<Image> images = list(filter("name", name, name + "-*"), tagged(fingerprint));
          Optional<MachineImage> usable =
              images.stream()
                  .filter(OwnImages::usable)
                  .max(Comparator.comparing(Image::creationDate).thenComparing(Image::imageId))
                  .map(MachineImage::of);
          if (usable.isPresent()) {
            return Optional.of(usable);
          }
          for (Image image : images) {
            if (mentioned.add(image.imageId() + image.stateAsString())) {
              told.accept((pending(image) ? "waiting for " : "passing over ") + describe(image));
            }
          }
          Optional<Image> pending = images.stream().filter(OwnImages::pending).findFirst();
          pending.ifPresent(image -> saw.accept(describe(image)));
          return pending.isPresent() ? Optional.empty() : Optional.of(Optional.empty());
        });
  }

  /**
   * Makes an image of an instance, and waits until machines can be launched from it. The instance
   * is rebooted if it runs. If another makes the same at that time, theirs is taken. It can be
   * called again after any failure.
   *
   * @param name without its end, such as {@code hg-linux-dev-debian12}
   * @param fingerprint as {@link ImageFingerprint#hex}
   * @throws EnvironmentException if the image fails, or is not there after half an hour; its id is
   *     in the message
   */
  public MachineImage make(String instanceId, String name, String fingerprint)
      throws InterruptedException {
    String first = name + "-" + fingerprint.substring(0, FINGERPRINT_DIGITS);
    for (int count = 1; count <= NAMES; count++) {
      String whole = count == 1 ? first : first + "-" + count;
      try {
        return available(create(instanceId, whole, fingerprint), whole);
      } catch (EnvironmentException e) {
        if (!AwsCall.code(e).equals("InvalidAMIName.Duplicate")) {
          throw e;
        }
      }
      // Another made it, or we did and the answer was lost.
      poll.until(
          "image " + whole + ", which exists, to be listed",
          EVERY,
          UNSEEN,
          () -> list(filter("name", whole)).stream().findFirst());
      Optional<MachineImage> theirs = find(name, fingerprint);
      if (theirs.isPresent()) {
        return theirs.get();
      }
    }
    throw new EnvironmentException(
        "cannot make image " + first + " in " + region(),
        "failed or disabled images have that name, and those from -2 to -" + NAMES,
        "Remove them: \"hgauto purge-ec2-resources\", or \"aws ec2 deregister-image\".");
  }

  private String create(String instanceId, String name, String fingerprint) {
    List<Tag> tags =
        List.of(tag("Name", name), tag(Owner.TAG, owner), tag(ImageFingerprint.TAG, fingerprint));
    return AwsCall.make(
        "ec2:CreateImage",
        "make image " + name + " of " + instanceId + " in " + region(),
        () ->
            account
                .clients()
                .ec2(region())
                .createImage(
                    CreateImageRequest.builder()
                        .instanceId(instanceId)
                        .name(name)
                        .tagSpecifications(
                            specification(ResourceType.IMAGE, tags),
                            specification(ResourceType.SNAPSHOT, tags))
                        .build())
                .imageId());
  }

  private MachineImage available(String id, String name) throws InterruptedException {
    AtomicBoolean seen = new AtomicBoolean();
    return poll.until(
        "image " + id + " (" + name + ") in " + region() + " to become available",
        EVERY,
        AT_MOST,
        saw -> {
          Optional<Image> image = list(id);
          if (image.isEmpty() && seen.get()) {
            throw failed(id, name, "somebody removed it while it was being made");
          }
          image.ifPresent(
              found -> {
                seen.set(true);
                saw.accept("it was " + found.stateAsString());
                if (!usable(found) && !pending(found)) {
                  throw failed(id, name, reason(found));
                }
              });
          return image.filter(OwnImages::usable).map(MachineImage::of);
        });
  }

  private EnvironmentException failed(String id, String name, String why) {
    return new EnvironmentException(
        "image " + id + " (" + name + ") in " + region() + " has failed",
        why,
        "Run the command again. \"hgauto purge-ec2-resources\" removes what is left of the image;"
            + (" by hand: aws ec2 deregister-image --delete-associated-snapshots --region "
                + region()
                + " --image-id "
                + id));
  }

  /** One image; empty while EC2 does not know its id yet, or any more. */
  private Optional<Image> list(String id) {
    try {
      return list(DescribeImagesRequest.builder().imageIds(id)).stream().findFirst();
    } catch (EnvironmentException e) {
      if (UNKNOWN_ID.contains(AwsCall.code(e))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private List<Image> list(Filter... filters) {
    return list(DescribeImagesRequest.builder().owners("self").filters(filters));
  }

  /** Those too that are disabled: they keep their names. */
  private List<Image> list(DescribeImagesRequest.Builder wanted) {
    DescribeImagesRequest request = wanted.includeDisabled(true).build();
    return AwsCall.make(
        "ec2:DescribeImages",
        "look for images of ours in " + region(),
        () ->
            account.clients().ec2(region()).describeImagesPaginator(request).images().stream()
                .toList());
  }

  private String region() {
    return account.region().region();
  }

  private static boolean usable(Image image) {
    return image.state() == ImageState.AVAILABLE;
  }

  private static boolean pending(Image image) {
    return image.state() == ImageState.PENDING || image.state() == ImageState.TRANSIENT;
  }

  /** "image ami-0a1b (hg-windows-dev-0a1b2c3d), which is pending, owner ann@laptop". */
  private static String describe(Image image) {
    return "image "
        + image.imageId()
        + " ("
        + image.name()
        + "), which is "
        + image.stateAsString()
        + image.tags().stream()
            .filter(tag -> tag.key().equals(Owner.TAG))
            .map(tag -> ", owner " + tag.value())
            .collect(Collectors.joining());
  }

  /** What AWS says about a state that an image does not come out of. */
  private static String reason(Image image) {
    return "it is "
        + image.stateAsString()
        + (image.stateReason() == null ? "" : ": " + image.stateReason().message());
  }

  private static Filter tagged(String fingerprint) {
    return filter("tag:" + ImageFingerprint.TAG, fingerprint);
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static TagSpecification specification(ResourceType type, List<Tag> tags) {
    return TagSpecification.builder().resourceType(type).tags(tags).build();
  }
}
