package hgauto.host;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the points of a host were found, until all are known. */
public final class HostFindings {
  private final List<HostPoint> points;
  private final Map<HostPoint, Finding> found = new HashMap<>();

  /** For these points, in that order. */
  public HostFindings(HostPoint... points) {
    this.points = List.of(points);
  }

  /**
   * Adds one.
   *
   * @param detail what there is, or what is wrong; for a person
   */
  public void add(HostPoint point, boolean holds, String detail) {
    found.put(point, new Finding(point, holds, detail));
  }

  /**
   * Adds what a script printed, a line for each point: its id, a tab, {@code ok} or {@code no}, a
   * tab, and the detail. What else is printed, as by a shell's start-up files, is not taken.
   */
  public void read(String printed) {
    for (String line : printed.lines().toList()) {
      String[] parts = line.split("\t", 3);
      if (parts.length == 3) {
        points.stream()
            .filter(point -> point.id().equals(parts[0]))
            .forEach(point -> add(point, parts[1].equals("ok"), parts[2]));
      }
    }
  }

  /** One for each point. */
  public List<Finding> all() {
    return points.stream().map(this::of).toList();
  }

  private Finding of(HostPoint point) {
    return found.getOrDefault(point, new Finding(point, false, "the check did not come to it"));
  }
}
