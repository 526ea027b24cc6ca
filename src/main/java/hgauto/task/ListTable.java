package hgauto.task;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import hgauto.aws.inventory.Age;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A {@link ListReport} in columns. */
final class ListTable {
  private static final String NONE = "-";

  private final Instant now;

  /**
   * @param now what ages are counted to
   */
  ListTable(Instant now) {
    this.now = now;
  }

  Stream<String> lines(ListReport report) {
    List<ColumnData<ListReport.Item>> columns =
        List.of(
            text("KIND").footer("together").with(ListReport.Item::kind),
            text("ID").with(ListReport.Item::id),
            text("NAME").with(item -> item.name().equals(item.id()) ? NONE : item.name()),
            text("REGION").visible(report.regions().size() > 1).with(ListReport.Item::region),
            text("DETAILS").with(item -> item.details().isEmpty() ? NONE : item.details()),
            text("OWNER").with(item -> item.owner() == null ? "automation.py" : item.owner()),
            text("AGE").with(item -> item.since() == null ? NONE : age(item.since())),
            text("ENDS").with(item -> item.expires() == null ? NONE : end(item.expires())),
            money("$/HOUR", report.dollarsPerHour(), ListReport.Item::dollarsPerHour),
            money("$/MONTH", report.dollarsPerMonth(), ListReport.Item::dollarsPerMonth));
    return AsciiTable.builder()
        .border(AsciiTable.NO_BORDERS)
        .data(report.resources(), columns)
        .asString()
        .lines()
        .map(line -> line.substring(1).stripTrailing());
  }

  private String age(Instant since) {
    return Age.of(Duration.between(since, now));
  }

  private String end(Instant expires) {
    return expires.isAfter(now)
        ? "in " + Age.of(Duration.between(now, expires))
        : age(expires) + " ago";
  }

  private static Column text(String header) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.LEFT)
        .dataAlign(HorizontalAlign.LEFT)
        .footerAlign(HorizontalAlign.LEFT);
  }

  private static ColumnData<ListReport.Item> money(
      String header, BigDecimal sum, Function<ListReport.Item, BigDecimal> cell) {
    return new Column()
        .header(header)
        .footer(sum.toString())
        .with(
            item -> {
              BigDecimal dollars = cell.apply(item);
              return dollars == null
                  ? "unknown"
                  : dollars.signum() == 0 ? NONE : dollars.toString();
            });
  }
}
