package hgauto.aws.plan;

import hgauto.aws.inventory.Resource;

/**
 * One thing that a plan changes, for people and for scripts.
 *
 * @param verb such as {@code terminate}
 * @param kind such as {@code instance}
 * @param region or {@link Resource#GLOBAL}
 * @param id of what is changed; the name of what is yet to be made
 * @param about what a person needs to know it by: "hg-temp-windows, 3 h old, owner ann@laptop"
 */
public record Change(String verb, String kind, String region, String id, String about) {
  /** "terminate instance i-0a1b in us-west-2 (hg-temp-windows, 3 h old, owner ann@laptop)". */
  @Override
  public String toString() {
    String where = region.equals(Resource.GLOBAL) ? "" : " in " + region;
    return verb + " " + kind + " " + id + where + (about.isEmpty() ? "" : " (" + about + ")");
  }
}
