package hgauto.aws.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An instance profile, by which an instance gets its role.
 *
 * @param roles the names of its roles, one at most
 */
public record InstanceProfile(
    String name, String arn, Ownership ownership, Instant made, List<String> roles)
    implements Resource {
  @Override
  public String kind() {
    return "instance profile";
  }

  @Override
  public String region() {
    return GLOBAL;
  }

  @Override
  public String id() {
    return name;
  }

  @Override
  public String details() {
    return roles.isEmpty() ? "no role" : "role " + String.join(", ", roles);
  }

  @Override
  public Optional<Instant> since() {
    return Optional.of(made);
  }
}
