package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistrosTest {
  private final Distros distros = Distros.known();

  @Test
  void areFour() {
    assertThat(distros.all())
        .extracting(Distro::name)
        .containsExactly("debian12", "debian13", "ubuntu22.04", "ubuntu24.04");
  }

  /** Gson leaves out what a file lacks, and says nothing. */
  @Test
  void eachHasAllThatIsNeededToFindAndEnterIt() {
    assertThat(distros.all())
        .allSatisfy(
            distro -> {
              assertThat(distro.series().owner()).matches("\\d{12}");
              assertThat(distro.series().namePattern()).contains("amd64").endsWith("-*");
              assertThat(distro.series().parameters()).isNotEmpty();
              assertThat(distro.login()).isIn("admin", "ubuntu");
              assertThat(distro.packages())
                  .contains("git", "sudo", "xfsprogs")
                  .doesNotHaveDuplicates();
              assertThat(distro.wanted()).doesNotContainAnyElementsOf(distro.packages());
              assertThat(distro.imageName()).isEqualTo("hg-linux-dev-" + distro.name());
            });
  }

  @Test
  void someNeedPackagesOfTheirOwn() {
    assertThat(distros.named("debian12").packages()).doesNotContain("linux-modules-extra-aws");
    assertThat(distros.named("ubuntu24.04").packages()).contains("linux-modules-extra-aws");
  }

  /** So that check-host finds nothing to mend on a machine of ours. */
  @Test
  void eachHasWhatIsAdvisedForTheHarness() {
    String advice = LinuxHostPoint.HARNESS.mend();
    List<String> advised =
        new ArrayList<>(List.of(advice.substring(advice.indexOf(" install ") + 9).split(" ")));
    // Every Debian has ncurses-bin, build-essential needs bzip2, and cargo is Rust's own.
    assertThat(advised.removeAll(List.of("ncurses-bin", "bzip2", "cargo"))).isTrue();
    assertThat(distros.all())
        .allSatisfy(
            distro ->
                assertThat(Stream.concat(distro.packages().stream(), distro.wanted().stream()))
                    .containsAll(advised));
  }

  @ParameterizedTest
  @CsvSource({
    "debian9, debian12",
    "debian10, debian12",
    "ubuntu18.04, ubuntu22.04",
    "ubuntu19.04, ubuntu22.04"
  })
  void thosePastTheirLifeHaveSuccessors(String past, String successor) {
    UsageException told = catchThrowableOfType(UsageException.class, () -> distros.named(past));
    assertThat(told.what()).isEqualTo("there is no distribution " + past + " any more");
    assertThat(told.next()).isEqualTo("Use " + successor + ".");
    assertThat(distros.named(successor).name()).isEqualTo(successor);
  }

  @Test
  void anUnknownOneNamesThoseThatThereAre() {
    UsageException told = catchThrowableOfType(UsageException.class, () -> distros.named("arch"));
    assertThat(told.what()).isEqualTo("there is no distribution arch");
    assertThat(told.next())
        .isEqualTo("Choose one of debian12, debian13, ubuntu22.04, ubuntu24.04.");
  }
}
