package hgauto.task;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.release.LatestDat;
import hgauto.release.MercurialVersion;
import hgauto.release.Site;
import hgauto.release.SiteLock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReleaseStatusReportTest {
  private static ReleaseStatusReport of(
      Set<String> onSite, Optional<LatestDat> latest, Optional<SiteLock> lock) {
    return ReleaseStatusReport.of(
        MercurialVersion.of("7.2"),
        Set.of("Mercurial-7.2-x64.exe"),
        Map.of(),
        Optional.empty(),
        Map.of(),
        Optional.of(new Site.State(onSite, Map.of(), latest, lock)));
  }

  private static List<String> lines(String latest) {
    Optional<LatestDat> there =
        Optional.ofNullable(latest).map(it -> LatestDat.of(it.getBytes(US_ASCII)));
    return of(Set.of(), there, Optional.empty()).lines();
  }

  private static ReleaseStatusReport locked(Optional<SiteLock> lock) {
    return of(Set.of(".hgauto.lock"), Optional.empty(), lock);
  }

  @Test
  void aLockThatSaysNothingIsToldToo() {
    assertThat(of(Set.of(), Optional.empty(), Optional.empty()).lock()).isNull();
    assertThat(locked(Optional.empty()).lines()).contains("locked: it does not say by whom");
    SiteLock undated = new SiteLock("ann@laptop", "/dist", "7.2", null, null);
    assertThat(locked(Optional.of(undated)).lines())
        .contains("locked: ann@laptop has been publishing version 7.2 from /dist");
  }

  @Test
  void latestDatThatOffersOnlyOtherThingsDoesNotOfferNothing() {
    assertThat(lines("10\t1\t.*\thttps://example.org/other.msi\tby others\n"))
        .contains("latest.dat offers none of Mercurial's installers");
    assertThat(lines("10\t7.1\t.*\t" + Site.PUBLIC + "Mercurial-7.1-x64.exe\tours\n"))
        .contains("latest.dat offers 7.1");
  }

  @Test
  void aFileOfTheVersionIsToldByItsNameWhateverItIsFor() {
    MercurialVersion version = MercurialVersion.of("7.2");

    assertThat(ReleaseStatus.isNamedAfter("Mercurial-7.2-arm64.exe", version)).isTrue();
    assertThat(ReleaseStatus.isNamedAfter("mercurial-7.2-cp39-cp39-win32.whl", version)).isTrue();
    assertThat(ReleaseStatus.isNamedAfter("Mercurial-7.2.1-x64.exe", version)).isFalse();
    assertThat(ReleaseStatus.isNamedAfter(".Mercurial-7.2-x64.exe.0a.part", version)).isFalse();
  }

  @Test
  void whatIsNoFileIsToldAsSuchAndIsNotOneOfTheFiles() {
    ReleaseStatusReport report =
        of(
            Set.of("latest.dat", "mercurial-7.2-symbols", "mercurial-7.1-symbols"),
            Optional.empty(),
            Optional.empty());

    assertThat(report.files()).hasSize(1);
    assertThat(report.lines())
        .contains(
            "site: 0 of 1 files",
            "no files there, but folders, links to nothing or the like: latest.dat,"
                + " mercurial-7.2-symbols",
            "there is no latest.dat on the site that is a file");
  }

  @Test
  void latestDatThatIsNotThereIsToldAsSuch() {
    assertThat(lines(null)).contains("there is no latest.dat on the site");
  }
}
