package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.resource.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/remote-machines.md, the points and the script together. */
class HostPointTest {
  private static final Set<HostPoint> SEEN_FROM_HERE =
      Set.of(
          HostPoint.REACHABLE,
          HostPoint.HOST_KEY,
          HostPoint.LOGIN,
          HostPoint.SHELL,
          HostPoint.SFTP);

  @Test
  void thePageHasEveryPointInItsOrderAndNoOther() throws IOException {
    List<String> documented =
        Files.readAllLines(Path.of("docs/remote-machines.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(HostPointTest::withoutWhatMustHold)
            .toList();
    List<String> points =
        Arrays.stream(HostPoint.values())
            .map(
                point ->
                    point.id()
                        + " | "
                        + (point.isRequired() ? "required" : "optional")
                        + " | "
                        + point.mend())
            .toList();
    assertThat(documented).containsExactlyElementsOf(points);
  }

  private static String withoutWhatMustHold(String row) {
    String[] cells = row.replace("`", "").split(" *\\| *");
    assertThat(cells).as(row).hasSize(5);
    assertThat(cells[3]).as("what must hold").isNotEmpty();
    return cells[1] + " | " + cells[2] + " | " + cells[4];
  }

  @Test
  void theScriptChecksEveryPointThatIsToBeSeenThere() {
    Set<String> checked = new TreeSet<>();
    Pattern.compile("^ *(?:.*\\) |.*then |else )?(?:point|yes_or_no) ([a-z]+) ", Pattern.MULTILINE)
        .matcher(Resource.text(HostCheck.class, "check-host.sh"))
        .results()
        .forEach(call -> checked.add(call.group(1)));
    assertThat(checked)
        .isEqualTo(
            new TreeSet<>(
                Arrays.stream(HostPoint.values())
                    .filter(point -> !SEEN_FROM_HERE.contains(point))
                    .map(HostPoint::id)
                    .toList()));
  }
}
