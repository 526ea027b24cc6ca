package hgauto.aws.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An EC2 instance.
 *
 * @param name of its tag Name; the id if it has none
 * @param state as EC2 spells it, such as {@code running}
 * @param launched when it was started last
 * @param type such as {@code t3.medium}
 * @param windows whether it is billed as Windows
 * @param securityGroupIds of its network interface
 * @param profileArn of the instance profile, if it has one
 * @param clientToken of the request that made it, if known
 * @param address its public IPv4 address, if it has one
 */
public record Instance(
    String region,
    String id,
    String name,
    Ownership ownership,
    String state,
    Instant launched,
    String type,
    boolean windows,
    String imageId,
    List<String> securityGroupIds,
    Optional<String> profileArn,
    Optional<String> clientToken,
    Optional<String> address)
    implements Resource {
  @Override
  public String kind() {
    return "instance";
  }

  @Override
  public String details() {
    return state + ", " + type + (windows ? ", Windows" : "");
  }

  @Override
  public Optional<Instant> since() {
    return Optional.of(launched);
  }
}
