package hgauto.windows.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.UsageException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.release.MercurialVersion;
import hgauto.testbed.HgRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageVersionTest {
  @TempDir private Path folder;
  private HgRepository repository;
  private Checkout checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    repository = HgRepository.create(folder);
    repository.write("file", "1").commit("first");
    checkout = Checkout.find(folder, new Hg("hg").withoutUserConfig());
  }

  private Changeset first() {
    return checkout.resolve("0");
  }

  private MercurialVersion version(Changeset changeset, String... said) {
    return PackageVersion.of(
        checkout,
        changeset,
        said.length == 0 ? Optional.empty() : Optional.of(MercurialVersion.of(said[0])));
  }

  private UsageException refused(Changeset changeset, String... said) {
    return catchThrowableOfType(UsageException.class, () -> version(changeset, said));
  }

  @Test
  void itIsTheTagWhateverOtherTagsThereAre() {
    repository.hg("tag", "--rev=0", "7.2rc0", "release-candidate");
    assertThat(version(first())).hasToString("7.2rc0");
    assertThat(version(first(), "7.2rc0")).hasToString("7.2rc0");
  }

  @Test
  void withoutATagItIsWhatIsSaid() {
    assertThat(version(first(), "7.3rc0")).hasToString("7.3rc0");
  }

  @Test
  void withoutATagAndSayingSoItIsRefusedWithTheTagBefore() {
    repository.hg("tag", "--rev=0", "7.2");
    UsageException failure = refused(checkout.resolve("tip"));
    assertThat(failure.what()).matches("the version of changeset [0-9a-f]{12} is not known");
    assertThat(failure.why()).isEqualTo("it has no tag such as 7.2; the latest before it is 7.2");
    assertThat(failure.next()).startsWith("Say it with --version");
  }

  @Test
  void whereThereWasNeverATagNoneIsNamed() {
    assertThat(refused(first()).why()).isEqualTo("it has no tag such as 7.2");
  }

  @Test
  void aVersionThatIsNotTheTagIsRefused() {
    repository.hg("tag", "--rev=0", "7.2");
    UsageException failure = refused(first(), "7.2.1");
    assertThat(failure.what()).endsWith(" cannot be built as version 7.2.1");
    assertThat(failure.why()).startsWith("its tag is 7.2, ");
  }

  @ParameterizedTest
  @CsvSource({
    "6.9.5, 6.9.6, false", "6.9.5, 7.0rc0, false", "7.1.2, 7.2, false", "6.9.5, 7.2, true",
    "6.9.5, 10.1, true", "7.2, 7.1.3, true", "7.2, 7.20, true", "7.2, 72.0, true"
  })
  void aVersionThatDoesNotComeAfterTheTagBeforeIsDoubted(String tag, String said, boolean doubted) {
    repository.hg("tag", "--rev=0", tag);
    Changeset changeset = checkout.resolve("tip");
    MercurialVersion version = version(changeset, said);
    assertThat(PackageVersion.doubt(checkout, changeset, version))
        .isEqualTo(
            doubted
                ? Optional.of(
                    "the latest release before changeset %s is %s; is it really to be version %s?"
                        .formatted(changeset.shortNode(), tag, said))
                : Optional.empty());
  }

  @Test
  void whereThereWasNeverATagNoneIsDoubted() {
    assertThat(PackageVersion.doubt(checkout, first(), version(first(), "7.2"))).isEmpty();
  }

  @Test
  void twoTagsAreRefused() {
    repository.hg("tag", "--rev=0", "7.2", "7.2.1");
    assertThat(refused(first()).why()).isEqualTo("its tags are 7.2, 7.2.1");
    assertThat(refused(first(), "7.2").why()).startsWith("its tag is 7.2, 7.2.1");
  }
}
