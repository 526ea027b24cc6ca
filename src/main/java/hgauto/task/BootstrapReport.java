package hgauto.task;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What became of images, as text for a person and, with {@code --json}, as it stands.
 *
 * @param account its 12 digits
 * @param images one for each distribution that was asked for
 * @param seconds how long all of it took
 * @param dollars an estimate of what the machines cost together; null if that is not known
 */
record BootstrapReport(
    String account, String region, List<ImageItem> images, long seconds, BigDecimal dollars) {
  static BootstrapReport of(String account, String region, List<ImageItem> images, long seconds) {
    List<BigDecimal> costs = images.stream().map(ImageItem::dollars).toList();
    return new BootstrapReport(
        account,
        region,
        images,
        seconds,
        costs.stream().anyMatch(Objects::isNull)
            ? null
            : costs.stream().reduce(ImageItem.money(0), BigDecimal::add));
  }

  /** The result for a person. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    images.forEach(image -> lines.addAll(image.lines()));
    if (seconds > 0) {
      lines.add(
          "in all: "
              + ImageItem.time(seconds)
              + (dollars == null ? "" : ", about $" + dollars + " for machines"));
    }
    return lines;
  }

  /** 0, or the largest of the failures' own: 1 if all of them are of the builds themselves. */
  int exitCode() {
    return images.stream().mapToInt(ImageItem::exitCode).max().orElse(0);
  }
}
