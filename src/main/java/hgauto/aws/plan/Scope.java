package hgauto.aws.plan;

import hgauto.aws.inventory.Age;
import hgauto.aws.inventory.Image;
import hgauto.aws.inventory.Ownership;
import hgauto.aws.inventory.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a clean-up takes: the caller's own things, what automation.py made, and whatever is past its
 * expiry.
 *
 * @param owner the caller, as {@link hgauto.aws.Owner#here}
 * @param allOwners whether it takes other owners' things as well
 * @param olderThan if given, only what is older goes, and images only if unused for as long; what
 *     is past its expiry goes at any age. AWS tells of an image's last launch only a day after it,
 *     so an image that an instance of ours has is in use, too; but one whose instances have come
 *     and gone within the last 24 hours may be taken for unused
 */
public record Scope(String owner, boolean allOwners, Optional<Duration> olderThan) {
  /** Why a thing is left alone, for a person; empty if it goes. */
  Optional<String> leaves(Resource resource, Instant now) {
    if (resource.ownership().equals(Ownership.UNKNOWN)) {
      return Optional.of("nothing says that it is ours");
    }
    if (resource.ownership().expired(now)) {
      return Optional.empty();
    }
    if (!allOwners && resource.ownership().owner().filter(it -> !it.equals(owner)).isPresent()) {
      return Optional.of("another owner's; --all-owners takes it");
    }
    return olderThan.flatMap(age -> tooYoung(resource, now, age));
  }

  /**
   * Why an image stays that an instance has; empty if it need not.
   *
   * @param instance the id; null if none has it
   */
  Optional<String> keepsUsedBy(Image image, String instance, Instant now) {
    return olderThan.isEmpty() || image.ownership().expired(now)
        ? Optional.empty()
        : Optional.ofNullable(instance).map(id -> "instance " + id + " has it");
  }

  private static Optional<String> tooYoung(Resource resource, Instant now, Duration age) {
    Instant limit = now.minus(age);
    if (resource.since().isEmpty()) {
      return Optional.of("AWS does not tell its age; without --older-than it goes");
    }
    if (!resource.since().get().isBefore(limit)) {
      return Optional.of("not older than " + Age.of(age));
    }
    return resource instanceof Image image
        ? image
            .lastLaunched()
            .filter(launched -> !launched.isBefore(limit))
            .map(launched -> "launched " + Age.of(Duration.between(launched, now)) + " ago")
        : Optional.empty();
  }
}
