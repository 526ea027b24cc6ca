package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.EnvironmentException;
import hgauto.release.LatestDat;
import hgauto.release.MercurialVersion;
import hgauto.release.PublishPlan;
import hgauto.release.PublishPlan.Item;
import hgauto.release.PublishPlan.LatestChange;
import hgauto.release.PublishPlan.Presence;
import hgauto.release.SiteFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublicSoFarTest {
  private static PublicSoFar of(Item... items) {
    return new PublicSoFar(
        new PublishPlan(
            List.of(items), Optional.empty(), List.of(), false, Optional.empty(), List.of()));
  }

  private static Item item(String name, Presence onIndex, Presence onSite) {
    SiteFile file = new SiteFile(name, Path.of(name), 1, "a".repeat(64));
    return new Item(file, Optional.empty(), onIndex, onSite);
  }

  @Test
  void whatWasSentToTheSiteIsNotPublic() {
    PublicSoFar made = of(item("a", Presence.ABSENT, Presence.ABSENT));
    assertThat(made).hasToString("this run has made nothing public");
    made.staging();
    assertThat(made.toString())
        .startsWith("this run has made nothing public; what was sent to the site");
  }

  @Test
  void aLockThatStaysIsToldOfWithTheWaysOn() throws Exception {
    PublicSoFar made = of();
    made.locking("site:/f/.hgauto.lock");
    assertThat(made.endsUnseen()).isFalse(); // it may be on its way
    assertThat(made.toString()).contains("perhaps the site stays locked by site:/f/.hgauto.lock: ");
    made.locked();
    assertThat(made.toString())
        .contains("nothing public; ", "the site stays locked by site:/f/.hgauto.lock: ")
        .contains("the same command in this checkout takes the lock over")
        .endsWith("removing that file opens the site for others");
    assertThat(failure(made).next())
        .startsWith("Mend it.\nThe same command goes on with the rest.\nAs far as this run knows, ")
        .contains("locked by site:/f/.hgauto.lock")
        .endsWith("opens the site for others.");

    made.unlocked();

    assertThat(made).hasToString("this run has made nothing public");
    assertThat(failure(made).next()).isEqualTo("Mend it.\nThe same command goes on with the rest.");
  }

  private static ImageItem.Failure failure(PublicSoFar made) {
    PublishPlan nothing =
        new PublishPlan(List.of(), Optional.empty(), List.of(), false, Optional.empty(), List.of());
    return PublishReport.planned(MercurialVersion.of("7.2"), nothing, "", "site:/f/", List.of())
        .brokenOff(Optional.empty(), made, new EnvironmentException("it broke", "why", "Mend it."))
        .failure();
  }

  @Test
  void theLockNeedNotStayWhereNothingWasBegun() throws Exception {
    PublicSoFar made = of(item("a", Presence.SAME, Presence.ABSENT));
    made.locking("site:/f/.hgauto.lock");
    made.locked();
    assertThat(made.endsUnseen()).isTrue();
    assertThatThrownBy(() -> made.tryOnSite("a")).isInstanceOf(InterruptedException.class);

    PublicSoFar begun = of();
    begun.locking("site:/f/.hgauto.lock");
    begun.locked();
    begun.tryOnIndex("b");
    begun.settle(false);
    assertThat(begun.endsUnseen()).isFalse();
  }

  @Test
  void whatAnEarlierRunHasMadePublicIsToldToo() {
    assertThat(
            of(
                item("a", Presence.SAME, Presence.ABSENT),
                item("b", Presence.ABSENT, Presence.SAME)))
        .hasToString(
            "this has become public: on the index a; on the site b;"
                + " the same command goes on with the rest");
  }

  @Test
  void whatWasBegunIsPerhapsPublicUntilItIsKnown() throws Exception {
    PublicSoFar made = of();
    made.tryOnIndex("a");
    assertThat(made)
        .hasToString(
            "perhaps also on the index a, as release-status tells;"
                + " the same command goes on with the rest");
    made.settle(true);
    made.tryOnSite("latest.dat");
    assertThat(made.toString())
        .contains("public: on the index a; perhaps also on the site latest.dat");
    made.settle(false);
    assertThat(made.toString()).contains("on the index a").doesNotContain("latest.dat");
  }

  @Test
  void whatIsPublicIsInTheReportOfARunThatBreaksOff() throws Exception {
    PublishPlan plan =
        new PublishPlan(
            List.of(
                item("a", Presence.SAME, Presence.ABSENT),
                item("b", Presence.ABSENT, Presence.ABSENT),
                item("c", Presence.LEFT_OUT, Presence.ABSENT)),
            Optional.of(new LatestChange(Optional.empty(), LatestDat.of(new byte[] {'#', '\n'}))),
            List.of(),
            false,
            Optional.empty(),
            List.of());
    PublishReport planned =
        PublishReport.planned(
            MercurialVersion.of("7.2"), plan, "https://index/", "site:/", List.of());
    PublicSoFar made = new PublicSoFar(plan);
    EnvironmentException failure = new EnvironmentException("it broke", "why", "Mend it.");
    made.tryOnIndex("b");
    made.settle(true);
    made.tryOnSite("a");

    PublishReport first = planned.brokenOff(Optional.empty(), made, failure);
    made.settle(true);
    made.tryOnSite("latest.dat");
    PublishReport second = planned.brokenOff(Optional.empty(), made, failure);

    assertThat(states(first))
        .containsExactly(
            "a there, perhaps published", "b published, to publish", "c -, to publish");
    assertThat(first.latestDat()).isEqualTo("to replace");
    assertThat(first.dryRun()).isFalse();
    assertThat(first.failure().next())
        .isEqualTo("Mend it.\nThe same command goes on with the rest.");
    assertThat(states(second)).startsWith("a there, published");
    assertThat(second.latestDat()).isEqualTo("perhaps replaced");
  }

  @Test
  void whoIsAskedIsToldWhatCannotBeTakenBackInThatCase() {
    assertThat(consequence(item("a", Presence.ABSENT, Presence.ABSENT)))
        .isEqualTo("What is public stays so, on the index for good.");
    assertThat(consequence(item("a", Presence.SAME, Presence.ABSENT)))
        .isEqualTo("What is public stays so.");
    assertThat(consequence(item("a", Presence.LEFT_OUT, Presence.ABSENT)))
        .isEqualTo("What is public stays so.");
    assertThat(consequence()).isEqualTo("Visitors get the new latest.dat at once.");
  }

  private static String consequence(Item... items) {
    LatestChange change = new LatestChange(Optional.empty(), LatestDat.of(new byte[] {'#', '\n'}));
    PublishPlan plan =
        new PublishPlan(
            List.of(items), Optional.of(change), List.of(), false, Optional.empty(), List.of());
    return PublishReport.planned(
            MercurialVersion.of("7.2"), plan, "https://index/", "site:/", List.of())
        .consequence();
  }

  private static List<String> states(PublishReport report) {
    return report.files().stream()
        .map(it -> it.file() + " " + state(it.index()) + ", " + state(it.site()))
        .toList();
  }

  private static String state(PublishReport.Place place) {
    return place == null ? "-" : place.state();
  }

  @Test
  void nothingIsBegunAfterTheLastWord() throws Exception {
    PublicSoFar made = of();
    made.tryOnIndex("a");
    assertThat(made.lastWord()).startsWith("perhaps also on the index a");

    made.settle(true);

    assertThatThrownBy(() -> made.tryOnIndex("b")).isInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> made.tryOnSite("b")).isInstanceOf(InterruptedException.class);
    assertThat(made.toString()).contains("on the index a").doesNotContain("b,", " b;");
  }
}
