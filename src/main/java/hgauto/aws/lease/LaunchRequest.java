package hgauto.aws.lease;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A machine that is wanted.
 *
 * @param name for the tag Name, such as {@code hg-linux-dev}
 * @param imageId such as {@code ami-0a1b}
 * @param types instance types; each is tried when there is no room for those before it ({@link
 *     InstanceTypes})
 * @param keyName of the key pair that opens it
 * @param securityGroupIds of the network that it is to be in
 * @param profile name of the instance profile, if it is to have one
 * @param subnet id of the subnet; empty for the default network, where any zone will do
 * @param spot whether to take spare capacity, which is cheaper and may be taken back at any time
 * @param disks the one of the system, and more
 * @param maxLifetime after which it ends itself
 * @param userData what it does at its boots
 */
public record LaunchRequest(
    String name,
    String imageId,
    List<String> types,
    String keyName,
    List<String> securityGroupIds,
    Optional<String> profile,
    Optional<String> subnet,
    boolean spot,
    List<Disk> disks,
    Duration maxLifetime,
    UserData userData) {
  /** How long a machine lives if nobody says otherwise. */
  public static final Duration DEFAULT_LIFETIME = Duration.ofHours(4);

  /** There must be a type. */
  public LaunchRequest {
    types = List.copyOf(types);
    securityGroupIds = List.copyOf(securityGroupIds);
    disks = List.copyOf(disks);
    if (types.isEmpty()) {
      throw new IllegalArgumentException("no instance type");
    }
  }
}
