package hgauto.aws.plan;

import hgauto.aws.inventory.Resource;
import java.time.Instant;

/**
 * Something of ours that a clean-up leaves alone.
 *
 * @param kind such as {@code instance}
 * @param region or {@link Resource#GLOBAL}
 * @param about what a person knows it by
 * @param why it stays, and what would take it
 */
public record LeftOut(String kind, String region, String id, String about, String why) {
  static LeftOut of(Resource resource, String why, Instant now) {
    return new LeftOut(
        resource.kind(), resource.region(), resource.id(), About.of(resource, now), why);
  }

  /**
   * "left: image ami-1 in us-west-2 (hg-linux-dev-debian10, owner bob@desk): another owner's;
   * --all-owners takes it".
   */
  @Override
  public String toString() {
    String where = region.equals(Resource.GLOBAL) ? "" : " in " + region;
    return "left: " + kind + " " + id + where + " (" + about + "): " + why;
  }
}
