package hgauto.release;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.release.PackageIndex.Indexed;
import hgauto.release.PublishPlan.Item;
import hgauto.release.PublishPlan.Presence;
import hgauto.release.ReleaseFile.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is to be done, by what is there. */
class PublishPlanTest {
  private static final String WHEEL = "mercurial-7.2-cp39-cp39-win32.whl";
  private static final String EXE = "Mercurial-7.2-x64.exe";
  private static final String SUMS = "SHA256SUMS-7.2";
  private static final String WHEEL_HASH = "a".repeat(64);
  private static final String EXE_HASH = "b".repeat(64);
  private static final ReleaseFiles FILES =
      new ReleaseFiles(
          MercurialVersion.of("7.2"),
          List.of(
              new ReleaseFile(Path.of(EXE), Kind.EXE, 10, EXE_HASH),
              new ReleaseFile(Path.of(WHEEL), Kind.WHEEL, 20, WHEEL_HASH)),
          List.of(),
          List.of());
  private static final SiteFile CHECKSUMS = FILES.checksumsFile(Path.of("dist"));
  private static final String OLD_LINE =
      "10\t7.1\t.*\thttps://mercurial-scm.org/release/windows/Mercurial-7.1-x64.exe\told\n";
  private static final LatestDat OLD = dat(OLD_LINE);
  private static final LatestDat NEW = OLD.with(FILES.installers());

  private static final String NEW_TEXT = new String(NEW.bytes(), US_ASCII);

  private static LatestDat dat(String text) {
    return LatestDat.of(text.getBytes(US_ASCII));
  }

  private static Site.State site(Map<String, String> hashes, LatestDat latest, String... hidden) {
    Set<String> names = new TreeSet<>(hashes.keySet());
    names.addAll(List.of(hidden));
    return new Site.State(names, hashes, Optional.ofNullable(latest), Optional.empty());
  }

  private static Map<String, Indexed> index(String... hashes) {
    return hashes.length == 0
        ? Map.of()
        : Map.of(WHEEL, new Indexed(URI.create("http://localhost/"), hashes[0]));
  }

  private static PublishPlan plan(Map<String, Indexed> index, Site.State site) {
    return PublishPlan.of(
        FILES, Optional.of(CHECKSUMS), Optional.ofNullable(index), Optional.ofNullable(site));
  }

  @Test
  void whatIsNowhereGoesEverywhereAndWheelsGoToTheIndexToo() {
    PublishPlan plan = plan(index(), site(Map.of(), OLD));

    assertThat(plan.uploads()).extracting(ReleaseFile::name).containsExactly(WHEEL);
    assertThat(plan.forSite()).extracting(SiteFile::name).containsExactly(EXE, WHEEL, SUMS);
    assertThat(plan.latest()).contains(new PublishPlan.LatestChange(Optional.of(OLD), NEW));
    assertThat(plan.isDone()).isFalse();
    assertThat(plan.isToTidy()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"7.2.1, false", "7.3rc0, false", "7.2.2, true", "7.2.3, true", "7.3, true"})
  void latestDatNeverGoesBackNorToACandidate(String version, boolean offered) {
    LatestDat live = dat(OLD_LINE.replace("7.1", "7.2.2"));
    ReleaseFiles files =
        new ReleaseFiles(
            MercurialVersion.of(version),
            List.of(
                new ReleaseFile(
                    Path.of("Mercurial-" + version + "-x64.exe"), Kind.EXE, 10, EXE_HASH)),
            List.of(),
            List.of("Mercurial-7.2-x64.msi"));

    PublishPlan plan =
        PublishPlan.of(
            files, Optional.empty(), Optional.empty(), Optional.of(site(Map.of(), live)));

    assertThat(plan.forSite()).hasSize(1);
    assertThat(plan.latest().isPresent()).isEqualTo(offered);
    assertThat(plan.offered().equals(Optional.of(live))).isEqualTo(!offered);
    assertThat(plan.warnings()).containsExactly("not published: Mercurial-7.2-x64.msi");
  }

  @Test
  void whatIsThereIsSkipped() {
    PublishPlan plan =
        plan(
            index(WHEEL_HASH),
            site(Map.of(WHEEL, WHEEL_HASH, EXE, EXE_HASH, SUMS, CHECKSUMS.sha256()), NEW));

    assertThat(plan.uploads()).isEmpty();
    assertThat(plan.forSite()).isEmpty();
    assertThat(plan.isDone()).isTrue();
  }

  @Test
  void latestDatAloneIsEnoughNotToBeDone() {
    Site.State all = site(Map.of(WHEEL, WHEEL_HASH, EXE, EXE_HASH, SUMS, CHECKSUMS.sha256()), OLD);

    assertThat(plan(index(WHEEL_HASH), all).isDone()).isFalse();
  }

  @Test
  void anotherFileOfTheNameIsRefusedAndNamedWithItsPlace() {
    PublishPlan onIndex = plan(index("c".repeat(64)), site(Map.of(), OLD));
    PublishPlan onSite = plan(index(), site(Map.of(EXE, "c".repeat(64)), OLD));

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(onIndex::checkNothingElseIsPublic)
        .satisfies(e -> assertThat(e.why()).isEqualTo(WHEEL + " on the package index"));
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(onSite::checkNothingElseIsPublic)
        .satisfies(e -> assertThat(e.why()).isEqualTo(EXE + " on the site"));
  }

  @Test
  void checksumsOfFewerFilesAreToldAsSuch() {
    PublishPlan plan = plan(index(), site(Map.of(SUMS, "c".repeat(64)), OLD));

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(plan::checkNothingElseIsPublic)
        .satisfies(e -> assertThat(e.next()).contains("--no-checksums"));
  }

  @Test
  void aPlaceThatIsLeftOutIsLeftOut() {
    PublishPlan indexOnly = plan(index(), null);
    PublishPlan siteOnly = plan(null, site(Map.of(), null));

    assertThat(indexOnly.forSite()).isEmpty();
    assertThat(indexOnly.latest()).isEmpty();
    assertThat(indexOnly.items()).extracting(Item::onSite).containsOnly(Presence.LEFT_OUT);
    assertThat(siteOnly.uploads()).isEmpty();
    assertThat(siteOnly.latest().orElseThrow().live()).isEmpty();
  }

  @Test
  void aSiteWithoutLatestDatMayBeTheWrongFolder() {
    assertThat(plan(index(), site(Map.of(), null)).warnings())
        .containsExactly(
            "there is no latest.dat on the site, one is made; is that the right folder?");
    assertThat(plan(index(), site(Map.of(), OLD)).warnings()).isEmpty();
    assertThat(plan(index(), null).warnings()).isEmpty();
  }

  @Test
  void aLineOfLatestDatThatOffersNothingIsShown() {
    String fourCells = OLD_LINE.replace("\told", "");

    assertThat(plan(index(), site(Map.of(), dat(fourCells + OLD_LINE))).warnings())
        .singleElement()
        .asString()
        .endsWith("offers nothing: " + fourCells.strip());
  }

  @Test
  void aLatestDatThatMayBeAnotherFileIsToldOf() {
    assertThat(plan(index(), site(Map.of(), dat("\u007fELF\0\0\n\0"))).warnings())
        .containsExactly(
            "no line of latest.dat on the site offers anything, and rows are added to it; is it"
                + " another file?");
    assertThat(plan(index(), site(Map.of(), dat("# none yet\n"))).warnings()).isEmpty();
    assertThat(plan(index(), site(Map.of(), dat(MIRROR))).warnings()).isEmpty();
  }

  @Test
  void linesThatEndWithCrAloneAreNotReplaced() {
    String old = (MIRROR + OLD_LINE + MIRROR).replace("\n", "\r");
    Site.State site = site(Map.of(EXE, EXE_HASH), dat(old));

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> plan(index(), site))
        .satisfies(e -> assertThat(e.why()).contains("a CR within a line"));
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> PublishPlan.rollback(NEW, Path.of("saved"), site));
    assertNotPutBack(NEW_TEXT.replace("\n", "\r") + NEW_TEXT, "a CR within a line");
    assertThat(plan(index(), null).latest()).isEmpty();
  }

  @Test
  void whatKilledRunsHaveLeftGoesButForWhatIsStillWanted() {
    String wanted = SiteFile.partOf(EXE, EXE_HASH);
    String ofAnotherBuild = SiteFile.partOf(EXE, WHEEL_HASH);
    String ofThePublicWheel = SiteFile.partOf(WHEEL, WHEEL_HASH);

    PublishPlan plan =
        plan(
            index(),
            site(
                Map.of(WHEEL, WHEEL_HASH),
                OLD,
                wanted,
                ofAnotherBuild,
                ofThePublicWheel,
                SiteFile.partOf(Site.LATEST, NEW.sha256()),
                ".hgauto-0b1c",
                ".Mercurial-7.1-x64.exe.aaaaaaaaaaaa.part",
                ".htaccess"));

    assertThat(plan.leftovers())
        .containsExactlyInAnyOrder(ofAnotherBuild, ofThePublicWheel, ".hgauto-0b1c");
  }

  @Test
  void aLockThatIsLeftIsToBeTidiedUpEvenIfAllIsDone() {
    Site.State state =
        new Site.State(
            Set.of(),
            Map.of(WHEEL, WHEEL_HASH, EXE, EXE_HASH, SUMS, CHECKSUMS.sha256()),
            Optional.of(NEW),
            Optional.of(SiteLock.of("ann@laptop", "/dist", "7.2", Instant.EPOCH)));

    PublishPlan plan = plan(index(WHEEL_HASH), state);

    assertThat(plan.isDone()).isTrue();
    assertThat(plan.isToTidy()).isTrue();
  }

  private static final String MIRROR = "1\t7.1\t.*\thttps://example.org/hg.tar.gz\tby others\n";
  private static final String BUNDLE =
      "10\t7.1\t.*\thttps://www.mercurial-scm.org/release/windows/bundle.exe\tby others\n";

  private static PublishPlan rollback(String saved, String live, String... onSite) {
    return PublishPlan.rollback(dat(saved), Path.of("saved"), site(Map.of(), dat(live), onSite));
  }

  private static String text(PublishPlan plan) {
    return new String(plan.latest().orElseThrow().next().bytes(), US_ASCII);
  }

  @Test
  void aSavedFileIsPutBackByteForByteIfNobodyElseHasChangedAnything() {
    String live = MIRROR + NEW_TEXT;
    String saved = MIRROR + OLD_LINE.strip(); // its last line had no end

    PublishPlan plan = rollback(saved, live, "Mercurial-7.1-x64.exe", EXE);

    assertThat(plan.items()).isEmpty();
    assertThat(plan.latest())
        .contains(new PublishPlan.LatestChange(Optional.of(dat(live)), dat(saved)));
    assertThat(plan.warnings()).isEmpty();
    assertThat(
            text(
                rollback(
                    saved.replace("\n", "\r\n") + "\r\n",
                    live.replace("\n", "\r\n"),
                    "Mercurial-7.1-x64.exe")))
        .isEqualTo(saved.replace("\n", "\r\n") + "\r\n");
  }

  @Test
  void whereThereIsNoneTheSavedFileIsPutBackWithAllRows() {
    PublishPlan plan =
        PublishPlan.rollback(
            dat(MIRROR + OLD_LINE),
            Path.of("saved"),
            site(Map.of(), null, "Mercurial-7.1-x64.exe"));

    assertThat(text(plan)).isEqualTo(MIRROR + OLD_LINE);
  }

  @Test
  void whatOthersHaveChangedSinceStaysInARollbackAndThePersonIsTold() {
    String python2 = OLD_LINE.replace("x64.exe", "x64-python2.exe");
    String live = "# new\n" + NEW_TEXT + python2 + BUNDLE;
    String x86 = OLD_LINE.replace("x64", "x86");

    PublishPlan plan =
        rollback(
            MIRROR + OLD_LINE + x86, live, "Mercurial-7.1-x64.exe", "Mercurial-7.1-x86.exe", EXE);

    assertThat(text(plan))
        .as("the row for Python 2 was not there then, the one for x86 was")
        .isEqualTo("# new\n" + OLD_LINE + BUNDLE + x86);
    assertThat(plan.warnings())
        .singleElement()
        .asString()
        .contains("saved", "stays", "only the rows of Mercurial's installers are put back");
  }

  private static void assertNotPutBack(String saved, String why) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> rollback(saved, NEW_TEXT, EXE))
        .satisfies(e -> assertThat(e.why()).contains(why));
  }

  @Test
  void aSavedFileThatOffersWhatIsGoneIsRefusedHoweverItIsPut() {
    assertNotPutBack(OLD_LINE, "Mercurial-7.1-x64.exe");
    assertNotPutBack(
        OLD_LINE.replace("https://", "http://www."),
        "it offers what is not on the site: Mercurial-7.1-x64.exe");
  }

  @Test
  void whatSomebodyElseOffersThatIsGoneDoesNotKeepFromGoingBack() {
    assertThat(text(rollback(OLD_LINE + BUNDLE, NEW_TEXT + BUNDLE, "Mercurial-7.1-x64.exe")))
        .isEqualTo(OLD_LINE + BUNDLE);
  }

  @Test
  void aSavedFileThatIsNoneOrHasNonsenseIsRefused() {
    assertNotPutBack("<html>\n", "no line of it offers anything");
    assertNotPutBack("a\tb\tc\td\te\n", "no line of it offers anything");
    assertNotPutBack("ten\t1\t.*\thttps://example.org/\te\n" + MIRROR, "ten");
    assertNotPutBack("10\t1\t.*\tftp://example.org/\te\n" + MIRROR, "ftp://example.org/");
    assertNotPutBack("10\t1\t.*\thttps://example.org/\n" + MIRROR, "no five cells");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing yet\n\n"})
  void aSavedFileThatOfferedNothingYetIsPutBack(String saved) {
    assertThat(text(rollback(saved, saved + NEW_TEXT, EXE))).isEqualTo(saved);
  }

  @Test
  void nonsenseThatIsLiveAnywayDoesNotKeepFromGoingBack() {
    String nonsense = "a\tb\n";

    PublishPlan plan = rollback(nonsense + OLD_LINE, nonsense + NEW_TEXT, "Mercurial-7.1-x64.exe");

    assertThat(text(plan)).isEqualTo(nonsense + OLD_LINE);
  }
}
