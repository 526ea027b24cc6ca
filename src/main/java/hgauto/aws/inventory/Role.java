package hgauto.aws.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A role, with what it may do.
 *
 * @param trust the policy document that says who may take the role, as JSON
 * @param attachedPolicies the ARNs of policies that others may share
 * @param inlinePolicies the documents of its own policies, as JSON, by name
 */
public record Role(
    String name,
    Ownership ownership,
    Instant made,
    String trust,
    List<String> attachedPolicies,
    Map<String, String> inlinePolicies)
    implements Resource {
  @Override
  public String kind() {
    return "role";
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
    int policies = attachedPolicies.size() + inlinePolicies.size();
    return policies + (policies == 1 ? " policy" : " policies");
  }

  @Override
  public Optional<Instant> since() {
    return Optional.of(made);
  }
}
