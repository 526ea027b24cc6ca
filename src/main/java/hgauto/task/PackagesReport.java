package hgauto.task;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of packages, as text for a person and, with {@code --json}, as it stands.
 *
 * @param version of the packages
 * @param node the changeset that they are built from, 40 hexadecimal digits
 * @param packages one for each that was asked for
 * @param seconds how long all of it took
 * @param dollars an estimate of what the machines cost together; null if that is not known
 * @param manifest the file that names what is in {@code dist/}
 */
record PackagesReport(
    String version,
    String node,
    List<PackageItem> packages,
    long seconds,
    BigDecimal dollars,
    String manifest) {
  /** The result for a person. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    packages.forEach(item -> lines.addAll(item.lines()));
    long built = packages.stream().filter(PackageItem::isBuilt).count();
    long there = packages.stream().filter(PackageItem::wasThere).count();
    long failed = packages.stream().filter(PackageItem::hasFailed).count();
    lines.add(
        "version "
            + version
            + ": "
            + built
            + " built, "
            + there
            + " there, "
            + failed
            + " failed, in "
            + ImageItem.time(seconds)
            + (dollars == null || built + failed == 0 ? "" : ", about $" + dollars));
    if (built + there > 0) {
      lines.add("manifest: " + manifest);
    }
    return lines;
  }

  /** The largest of the failures'; 0 if there were none. */
  int exitCode() {
    return packages.stream().mapToInt(PackageItem::exitCode).max().orElse(0);
  }
}
