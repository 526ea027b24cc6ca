package hgauto.aws.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
   * @param description ours names all whose the rule is, since EC2 keeps one rule for a range of
   *     addresses: {@code hgauto ann@laptop bob@desk}; empty if there is none
   */
  public record IngressRule(
      String protocol, int fromPort, int toPort, String cidr, String description) {
    private static final String OURS = "hgauto ";
    private static final int LONGEST_DESCRIPTION = 255;

    /** Owners for whom there was no room. Nobody knows whether they are still there. */
    private static final String MORE = "*";

    private static final int LONGEST_NAME = LONGEST_DESCRIPTION - OURS.length() - MORE.length() - 1;

    /** The name of an owner in descriptions: what EC2 takes there, without spaces. */
    public static String nameOf(String owner) {
      String name = owner.replaceAll("[^a-zA-Z0-9._:/()#,@+=;{}!$*-]", "_");
      return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    /**
     * The description of a rule of these owners, by their names, in an order that is the same every
     * time. Whoever finds no room in it is one of the unnamed more.
     */
    public static String descriptionOf(Set<String> names) {
      StringBuilder text = new StringBuilder(OURS.strip());
      boolean more = names.contains(MORE);
      for (String name : new TreeSet<>(names)) {
        if (name.equals(MORE)) {
          continue;
        }
        if (text.length() + name.length() + MORE.length() + 2 > LONGEST_DESCRIPTION) {
          more = true;
          continue;
        }
        text.append(' ').append(name);
      }
      return text + (more ? " " + MORE : "");
    }

    /** The names of all whose rule it is; none if it is not of hgauto. */
    public Set<String> owners() {
      return isOfHgauto()
          ? new TreeSet<>(List.of(description.substring(OURS.length()).strip().split(" +")))
          : Set.of();
    }

    /** Whether it stays for this owner's sake. */
    public boolean isFor(String owner) {
      return owners().contains(nameOf(owner)) || owners().contains(MORE);
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
