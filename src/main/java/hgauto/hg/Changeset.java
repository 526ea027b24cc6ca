package hgauto.hg;

/**
 * A changeset's metadata.
 *
 * @param node its full id, 40 hexadecimal digits
 * @param branch its named branch
 * @param user its author
 * @param phase {@code public}, {@code draft} or {@code secret}
 * @param description its whole description
 */
public record Changeset(String node, String branch, String user, String phase, String description) {

  /** The description's first line; empty for an empty description. */
  public String title() {
    return description.lines().findFirst().orElse("");
  }

  /** The id as people write it: its first 12 digits. */
  public String shortNode() {
    return node.substring(0, 12);
  }
}
