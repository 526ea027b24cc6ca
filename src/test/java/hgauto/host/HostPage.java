package hgauto.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The table of points in a page of docs. */
public final class HostPage {
  private HostPage() {}

  /** What the page says of each point but what must hold, in {@link #rows the same form}. */
  public static List<String> points(String page) throws IOException {
    return Files.readAllLines(Path.of(page)).stream()
        .filter(line -> line.matches("\\| `[a-z0-9-]+` \\| .*")) // not the calls of AWS's API
        .map(HostPage::withoutWhatMustHold)
        .toList();
  }

  /** What the page has to say of these points. */
  public static List<String> rows(HostPoint... points) {
    return Arrays.stream(points)
        .map(
            point ->
                point.id()
                    + " | "
                    + (point.isRequired() ? "required" : "optional")
                    + " | "
                    + point.mend())
        .toList();
  }

  private static String withoutWhatMustHold(String row) {
    String[] cells = row.replace("`", "").split(" *\\| *");
    assertThat(cells).as(row).hasSize(5);
    assertThat(cells[3]).as("what must hold").isNotEmpty();
    return cells[1] + " | " + cells[2] + " | " + cells[4];
  }
}
