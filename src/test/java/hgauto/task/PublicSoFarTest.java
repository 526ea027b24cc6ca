package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.release.PublishPlan;
import hgauto.release.PublishPlan.Item;
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
