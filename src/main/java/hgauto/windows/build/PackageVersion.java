package hgauto.windows.build;

import hgauto.error.UsageException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.release.MercurialVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The version that packages of a changeset are to have: the one that is its tag, or the one that a
 * person says where it has none.
 */
public final class PackageVersion {
  private PackageVersion() {}

  /**
   * Works it out.
   *
   * @param said by the person
   * @throws UsageException if there is neither a tag nor what was said, or they disagree: Mercurial
   *     itself takes the version of wheels from the tags
   */
  public static MercurialVersion of(
      Checkout checkout, Changeset changeset, Optional<MercurialVersion> said) {
    List<MercurialVersion> tags =
        checkout.tags(changeset).stream()
            .flatMap(tag -> MercurialVersion.ifOne(tag).stream())
            .toList();
    if (said.isEmpty()) {
      if (tags.size() == 1) {
        return tags.get(0);
      }
      throw tags.isEmpty() ? untagged(checkout, changeset) : severalTags(changeset, tags);
    }
    if (!tags.isEmpty() && !tags.equals(List.of(said.get()))) {
      throw new UsageException(
          "changeset " + changeset.shortNode() + " cannot be built as version " + said.get(),
          "its tag is " + listed(tags) + ", and that is the version its wheels would get",
          "Leave out --version, or name another changeset with --revision.");
    }
    return said.get();
  }

  /**
   * Why the version that a person said may be a slip.
   *
   * @param version as {@link #of} has found it
   */
  public static Optional<String> doubt(
      Checkout checkout, Changeset changeset, MercurialVersion version) {
    return checkout
        .latestTag(changeset)
        .flatMap(MercurialVersion::ifOne)
        .filter(latest -> !version.mayFollow(latest))
        .map(
            latest ->
                "the latest release before changeset "
                    + changeset.shortNode()
                    + " is "
                    + latest
                    + "; is it really to be version "
                    + version
                    + "?");
  }

  private static UsageException untagged(Checkout checkout, Changeset changeset) {
    return new UsageException(
        "the version of changeset " + changeset.shortNode() + " is not known",
        "it has no tag such as 7.2"
            + checkout
                .latestTag(changeset)
                .map(tag -> "; the latest before it is " + tag)
                .orElse(""),
        "Say it with --version, or name a release with --revision.");
  }

  private static UsageException severalTags(Changeset changeset, List<MercurialVersion> tags) {
    return new UsageException(
        "the version of changeset " + changeset.shortNode() + " is not clear",
        "its tags are " + listed(tags),
        "Remove all but one of them with hg tag --remove.");
  }

  private static String listed(List<MercurialVersion> tags) {
    return tags.stream().map(MercurialVersion::text).collect(Collectors.joining(", "));
  }
}
