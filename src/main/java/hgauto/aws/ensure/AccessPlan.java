package hgauto.aws.ensure;

import hgauto.aws.inventory.InstanceProfile;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Role;
import hgauto.aws.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What to change in our role and our instance profile. */
final class AccessPlan {
  private AccessPlan() {}

  /**
   * The steps.
   *
   * @param owner of what is made
   */
  static List<Step> of(Inventory inventory, Blueprint.Access access, String owner) {
    List<Step> steps = new ArrayList<>();
    inventory
        .role()
        .ifPresentOrElse(
            role -> steps.addAll(mend(role, access)),
            () -> steps.add(CreateRole.of(access, owner)));
    Optional<InstanceProfile> profile = inventory.instanceProfile();
    if (profile.isEmpty()) {
      steps.add(CreateInstanceProfile.of(access, owner));
    }
    List<String> roles = profile.map(InstanceProfile::roles).orElse(List.of());
    if (!roles.equals(List.of(access.role()))) {
      steps.add(GiveRole.of(access, roles));
    }
    return steps;
  }

  private static List<Step> mend(Role role, Blueprint.Access access) {
    List<Step> steps = new ArrayList<>();
    if (!Blueprint.Access.same(role.trust(), access.trust())) {
      steps.add(TrustEc2.of(access));
    }
    String policy = role.inlinePolicies().get(access.policyName());
    if (policy == null || !Blueprint.Access.same(policy, access.policy())) {
      steps.add(PutRolePolicy.of(access));
    }
    role.attachedPolicies().stream()
        .filter(arn -> arn.endsWith(access.formerPolicy()))
        .forEach(arn -> steps.add(DetachRolePolicy.of(role.name(), arn)));
    return steps;
  }
}
