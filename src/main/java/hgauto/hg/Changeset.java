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

  private static final int LONGEST_TITLE = 200;

  /** The description's first line, at most 200 characters of it; empty for an empty description. */
  public String title() {
    String line = description.lines().findFirst().orElse("");
    return line.length() <= LONGEST_TITLE ? line : line.substring(0, LONGEST_TITLE - 1) + "…";
  }

  /** The id as people write it: its first 12 digits. */
  public String shortNode() {
    return node.substring(0, 12);
  }
}
