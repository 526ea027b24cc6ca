package hgauto.aws.ensure;

import hgauto.aws.inventory.InstanceProfile;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Role;
import hgauto.aws.plan.Step;
import hgauto.error.EnvironmentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What to change in our role and our instance profile. */
final class AccessPlan {
  private AccessPlan() {}

  /**
   * The steps.
   *
   * @param owner of what is made
   * @throws EnvironmentException if the role has policies of others: they may be meant, so that
   *     they are not taken away, but whoever has code tested on such a machine would have their
   *     rights
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
    refuseOthersPolicies(role, access);
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

  private static void refuseOthersPolicies(Role role, Blueprint.Access access) {
    List<String> others = new ArrayList<>();
    List<String> commands = new ArrayList<>();
    for (String arn : role.attachedPolicies()) {
      if (!arn.endsWith(access.formerPolicy())) {
        others.add(arn);
        commands.add(
            "aws iam detach-role-policy --role-name " + role.name() + " --policy-arn " + arn);
      }
    }
    for (String name : new TreeSet<>(role.inlinePolicies().keySet())) {
      if (!name.equals(access.policyName())) {
        others.add(name);
        commands.add(
            "aws iam delete-role-policy --role-name " + role.name() + " --policy-name " + name);
      }
    }
    if (!others.isEmpty()) {
      throw new EnvironmentException(
          "role " + role.name() + " may do more than the machines need, which run strangers' code",
          "it has policies that hgauto did not give it: " + String.join(", ", others),
          "Take them away, then try again: " + String.join("; ", commands));
    }
  }
}
