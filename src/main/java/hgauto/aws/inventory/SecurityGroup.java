package hgauto.aws.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A security group.
 *
 * @param vpcId the network that it is of
 * @param rules who may connect to its instances
 */
public record SecurityGroup(
    String region,
    String id,
    String name,
    Ownership ownership,
    String vpcId,
    List<IngressRule> rules)
    implements Resource {
  /**
   * Lets a range of addresses in.
   *
   * @param protocol {@code tcp}, or {@code -1} for all, with ports 0 to 65535
   * @param cidr such as {@code 203.0.113.7/32}, IPv4 or IPv6, or the id of another group or of a
   *     prefix list
   * @param description ours says whose the rule is; empty if there is none
   */
  public record IngressRule(
      String protocol, int fromPort, int toPort, String cidr, String description) {
    private static final String OURS = "hgauto ";
    private static final int LONGEST_DESCRIPTION = 255;

    /** The description of this owner's rules, in the characters that EC2 takes there. */
    public static String descriptionOf(String owner) {
      String text = OURS + owner.replaceAll("[^a-zA-Z0-9._:/()#,@+=;{}!$* -]", "_");
      return text.substring(0, Math.min(text.length(), LONGEST_DESCRIPTION));
    }

    /** Whether it is a rule of hgauto, whosever it is. */
    public boolean isOfHgauto() {
      return description.startsWith(OURS);
    }
  }

  @Override
  public String kind() {
    return "security group";
  }

  @Override
  public String details() {
    return rules.size() + (rules.size() == 1 ? " rule" : " rules");
  }

  @Override
  public Optional<Instant> since() {
    return Optional.empty(); // AWS does not tell
  }
}
