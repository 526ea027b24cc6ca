package hgauto.windows;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.host.HostPage;
import hgauto.resource.Resource;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/windows-machines.md, the points and the script together. */
class WindowsHostPointTest {
  private static final String SCRIPT =
      Resource.text(WindowsHostCheck.class, "check-host.ps1").replaceAll("(?m)^ *#.*", "");

  /** What cmdlets may do, by the first half of their names, that change nothing. */
  private static final Set<String> LOOKING =
      Set.of("Assert", "ForEach", "Get", "Join", "Out", "Split", "Test", "Where", "Write");

  @Test
  void thePageHasEveryPointInItsOrderAndNoOther() throws IOException {
    assertThat(HostPage.points("docs/windows-machines.md"))
        .containsExactlyElementsOf(HostPage.rows(WindowsHostPoint.values()));
  }

  @Test
  void theScriptChecksEveryPointThatIsToBeSeenThere() {
    assertThat(
            Pattern.compile("(?m)^Write-Point '([a-z0-9-]+)' \\{$")
                .matcher(SCRIPT)
                .results()
                .map(call -> call.group(1)))
        .containsExactlyElementsOf(
            Arrays.stream(WindowsHostPoint.values())
                .filter(point -> point != WindowsHostPoint.AGENT)
                .map(WindowsHostPoint::id)
                .toList());
  }

  @Test
  void theScriptChangesNothing() {
    Set<String> verbs = new TreeSet<>();
    Pattern.compile("\\b([A-Z][A-Za-z]+)-[A-Z][A-Za-z]+\\b")
        .matcher(SCRIPT.replace("Net-Framework-Core", "").replace("EC2-Windows", ""))
        .results()
        .forEach(call -> verbs.add(call.group(1)));
    assertThat(verbs).isSubsetOf(LOOKING);
    assertThat(SCRIPT.replace("<nul 2>&1", "")).doesNotContain(">");
  }
}
