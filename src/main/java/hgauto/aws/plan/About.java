package hgauto.aws.plan;

import hgauto.aws.inventory.Age;
import hgauto.aws.inventory.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a person knows a resource by. */
final class About {
  private About() {}

  /** "hg-temp-windows, 3 h old, owner ann@laptop, expired 1 h ago". */
  static String of(Resource resource, Instant now) {
    List<String> parts = new ArrayList<>();
    if (!resource.name().equals(resource.id())) {
      parts.add(resource.name());
    }
    resource.since().ifPresent(since -> parts.add(Age.of(Duration.between(since, now)) + " old"));
    parts.add(resource.ownership().toString());
    if (resource.ownership().expired(now)) {
      resource
          .ownership()
          .expires()
          .ifPresent(end -> parts.add("expired " + Age.of(Duration.between(end, now)) + " ago"));
    }
    return String.join(", ", parts);
  }
}
