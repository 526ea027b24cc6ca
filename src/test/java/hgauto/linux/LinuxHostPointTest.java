package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.host.HostPage;
import hgauto.resource.Resource;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/remote-machines.md, the points and the script together. */
class LinuxHostPointTest {
  private static final Set<LinuxHostPoint> SEEN_FROM_HERE =
      Set.of(
          LinuxHostPoint.REACHABLE,
          LinuxHostPoint.HOST_KEY,
          LinuxHostPoint.LOGIN,
          LinuxHostPoint.SHELL,
          LinuxHostPoint.SFTP);

  @Test
  void thePageHasEveryPointInItsOrderAndNoOther() throws IOException {
    assertThat(HostPage.points("docs/remote-machines.md"))
        .containsExactlyElementsOf(HostPage.rows(LinuxHostPoint.values()));
  }

  @Test
  void theScriptChecksEveryPointThatIsToBeSeenThere() {
    Set<String> checked = new TreeSet<>();
    Pattern.compile("^ *(?:.*\\) |.*then |else )?(?:point|yes_or_no) ([a-z]+) ", Pattern.MULTILINE)
        .matcher(Resource.text(LinuxHostCheck.class, "check-host.sh"))
        .results()
        .forEach(call -> checked.add(call.group(1)));
    assertThat(checked)
        .isEqualTo(
            new TreeSet<>(
                Arrays.stream(LinuxHostPoint.values())
                    .filter(point -> !SEEN_FROM_HERE.contains(point))
                    .map(LinuxHostPoint::id)
                    .toList()));
  }
}
