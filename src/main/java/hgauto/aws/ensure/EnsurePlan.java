package hgauto.aws.ensure;

import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.KeyPair;
import hgauto.aws.inventory.Names;
import hgauto.aws.inventory.SecurityGroup;
import hgauto.aws.plan.KeyFingerprints;
import hgauto.aws.plan.Outcome;
import hgauto.aws.plan.Plan;
import hgauto.aws.plan.Step;
import hgauto.error.EnvironmentException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The plan that makes an account as a command needs it.
 *
 * @param plan without steps if all is there
 * @param keyName of the key pair, if it is there
 * @param groupId of the security group, if it is there
 * @param profileName of the instance profile, if one is needed
 */
record EnsurePlan(
    Plan plan, Optional<String> keyName, Optional<String> groupId, Optional<String> profileName) {
  private static final String KEY_PAIR = "key pair";
  private static final String GROUP = "security group";

  /**
   * Computes it.
   *
   * @param inventory of the kinds that the need's blueprint names
   * @throws EnvironmentException if our role has policies of others
   */
  static EnsurePlan of(Inventory inventory, Need need) {
    List<Step> steps = new ArrayList<>();
    Optional<String> keyName = keyName(inventory, need);
    if (keyName.isEmpty()) {
      steps.add(importing(inventory, need));
    }
    Optional<SecurityGroup> group =
        inventory.securityGroups().stream()
            .filter(found -> found.name().equals(need.blueprint().group().name()))
            .filter(found -> found.vpcId().equals(need.vpcId()))
            .findFirst();
    steps.addAll(
        group
            .map(found -> IngressPlan.of(found, need))
            .orElseGet(() -> List.of(CreateSecurityGroup.of(inventory.region(), need))));
    Optional<Blueprint.Access> access = need.blueprint().access();
    access.ifPresent(wanted -> steps.addAll(AccessPlan.of(inventory, wanted, need.owner())));
    return new EnsurePlan(
        new Plan(steps),
        keyName,
        group.map(SecurityGroup::id),
        access.map(Blueprint.Access::profile));
  }

  /**
   * What there is when it is carried out.
   *
   * @throws EnvironmentException if a step failed
   */
  Ensured after(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      if (outcome.failed()) {
        throw new EnvironmentException(
            "could not " + outcome.change(), outcome.why(), outcome.next());
      }
    }
    return new Ensured(
        keyName.orElseGet(() -> made(KEY_PAIR, outcomes)),
        groupId.orElseGet(() -> made(GROUP, outcomes)),
        profileName);
  }

  private static String made(String kind, List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(outcome -> outcome.change().kind().equals(kind))
        .map(Outcome::id)
        .findFirst()
        .orElseThrow();
  }

  /** The name under which EC2 has our key; {@code hg-automation} before others. */
  private static Optional<String> keyName(Inventory inventory, Need need) {
    Set<String> ours = KeyFingerprints.of(need.key());
    return inventory.keyPairs().stream()
        .filter(pair -> ours.contains(pair.fingerprint()))
        .map(KeyPair::name)
        .min(
            Comparator.comparing((String name) -> !name.equals(Names.KEY_PAIR))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static Step importing(Inventory inventory, Need need) {
    boolean taken =
        inventory.keyPairs().stream().anyMatch(pair -> pair.name().equals(Names.KEY_PAIR));
    return taken
        ? ImportKeyPair.of(
            inventory.region(),
            ImportKeyPair.ownName(need.key()),
            need.owner(),
            need.key(),
            "another key is called " + Names.KEY_PAIR)
        : ImportKeyPair.of(inventory.region(), Names.KEY_PAIR, need.owner(), need.key(), "");
  }
}
