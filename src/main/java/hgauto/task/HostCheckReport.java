package hgauto.task;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import hgauto.host.Finding;
import java.util.ArrayList;
import java.util.List;

/**
 * How a host was found, as text for a person and, with {@code --json}, as it stands.
 *
 * @param host its address, or the id of the instance
 * @param usable whether all that is required holds
 * @param points in the order of their page in docs
 */
public record HostCheckReport(String host, boolean usable, List<Point> points) {
  private static final int DETAIL_WIDTH = 100;

  /**
   * One point.
   *
   * @param id its name in that page
   * @param required whether the host is of no use without it
   * @param holds whether it is so
   * @param detail what there is, or what is wrong
   * @param mend what to do, and as whom; null where it holds
   */
  public record Point(String id, boolean required, boolean holds, String detail, String mend) {
    private static Point of(Finding finding) {
      return new Point(
          finding.point().id(),
          finding.point().isRequired(),
          finding.holds(),
          finding.detail(),
          finding.holds() ? null : finding.point().mend());
    }

    private String verdict() {
      return holds ? "ok" : required ? "MISSING" : "optional";
    }
  }

  static HostCheckReport of(String host, List<Finding> findings) {
    List<Point> points = findings.stream().map(Point::of).toList();
    return new HostCheckReport(
        host, points.stream().allMatch(point -> point.holds() || !point.required()), points);
  }

  /** 0 if it is usable, else 1. */
  int exitCode() {
    return usable ? 0 : 1;
  }

  /**
   * The same for a person.
   *
   * @param use what it can do if it is usable: "run tests"
   * @param how what comes after that then, such as a command
   */
  List<String> lines(String use, String how) {
    List<ColumnData<Point>> columns =
        List.of(
            text("POINT").with(Point::id),
            text("").with(Point::verdict),
            text("FOUND")
                .maxWidth(DETAIL_WIDTH, OverflowBehaviour.NEWLINE)
                .with(point -> point.detail().isEmpty() ? "-" : point.detail()));
    List<String> lines =
        new ArrayList<>(
            AsciiTable.builder()
                .border(AsciiTable.NO_BORDERS)
                .data(points, columns)
                .asString()
                .lines()
                .map(line -> line.substring(1).stripTrailing())
                .toList());
    mends(lines, true, "To mend what is missing:");
    mends(lines, false, "For what is optional:");
    lines.add("");
    lines.add(usable ? host + " can " + use + how : host + " cannot " + use + " yet.");
    return lines;
  }

  private void mends(List<String> lines, boolean required, String heading) {
    List<Point> open =
        points.stream().filter(point -> !point.holds() && point.required() == required).toList();
    if (!open.isEmpty()) {
      lines.add("");
      lines.add(heading);
      open.forEach(point -> lines.add("  " + point.id() + ": " + point.mend()));
    }
  }

  private static Column text(String header) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.LEFT)
        .dataAlign(HorizontalAlign.LEFT);
  }
}
