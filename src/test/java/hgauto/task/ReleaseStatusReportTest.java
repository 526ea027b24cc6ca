package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.release.MercurialVersion;
import hgauto.release.Site;
import hgauto.release.SiteLock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReleaseStatusReportTest {
  private static ReleaseStatusReport of(Set<String> onSite, Optional<SiteLock> lock) {
    return ReleaseStatusReport.of(
        MercurialVersion.of("7.2"),
        Set.of(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        Optional.of(new Site.State(onSite, Map.of(), Optional.empty(), lock)));
  }

  @Test
  void aLockThatSaysNothingIsToldToo() {
    assertThat(of(Set.of(), Optional.empty()).lock()).isNull();
    assertThat(of(Set.of(".hgauto.lock"), Optional.empty()).lines())
        .contains("locked: it does not say by whom");
    SiteLock undated = new SiteLock("ann@laptop", "/dist", "7.2", null, null);
    assertThat(of(Set.of(".hgauto.lock"), Optional.of(undated)).lines())
        .contains("locked: ann@laptop has been publishing version 7.2 from /dist");
  }
}
