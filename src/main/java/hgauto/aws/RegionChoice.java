package hgauto.aws;

/**
 * The AWS region of a run, and who chose it.
 *
 * @param region such as {@code us-west-2}
 * @param source words for a person, such as "from AWS_REGION"
 */
public record RegionChoice(String region, String source) {
  /** "us-west-2 (the default)". */
  @Override
  public String toString() {
    return region + " (" + source + ")";
  }
}
