package hgauto.aws.plan;

import hgauto.aws.inventory.Image;
import hgauto.aws.inventory.Instance;
import hgauto.aws.inventory.InstanceProfile;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.KeyPair;
import hgauto.aws.inventory.ProfileUsers;
import hgauto.aws.inventory.Resource;
import hgauto.aws.inventory.Role;
import hgauto.aws.inventory.SecurityGroup;
import hgauto.aws.inventory.SecurityGroup.IngressRule;
import hgauto.aws.inventory.Snapshot;
import hgauto.aws.inventory.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Removes everything of ours, but what others need. */
public final class PurgePlan {
  private final Scope scope;
  private final Predicate<KeyPair> mayDelete;
  private final Instant now;
  private final Map<String, Instance> going = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<LeftOut> leftOut = new ArrayList<>();

  private PurgePlan(Scope scope, Predicate<KeyPair> mayDelete, Instant now) {
    this.scope = scope;
    this.mayDelete = mayDelete;
    this.now = now;
  }

  /**
   * Removes all that the scope takes.
   *
   * @param mayDelete tells of a key pair whether its private key is here, or does not matter
   * @param profileUsers who has the instance profile, in all regions
   */
  public static CleanUp of(
      List<Inventory> inventories,
      Scope scope,
      Predicate<KeyPair> mayDelete,
      ProfileUsers profileUsers,
      Instant now) {
    PurgePlan plan = new PurgePlan(scope, mayDelete, now);
    for (Inventory inventory : inventories) {
      plan.instancesAndVolumes(inventory);
      plan.images(inventory);
      plan.snapshots(inventory.snapshots());
      plan.securityGroups(inventory);
      plan.keyPairs(inventory.keyPairs());
    }
    plan.steps.addAll(TerminateInstances.all(plan.going.values(), now));
    for (Inventory inventory : inventories) {
      plan.profileAndRole(inventory, profileUsers);
    }
    return new CleanUp(new Plan(plan.steps), plan.leftOut);
  }

  private void instancesAndVolumes(Inventory inventory) {
    inventory.instances().stream()
        .filter(this::takes)
        .forEach(instance -> going.put(instance.id(), instance));
    Set<String> seen = inventory.instances().stream().map(Instance::id).collect(Collectors.toSet());
    for (Volume volume : inventory.volumes()) {
      boolean ends = volume.instanceId().filter(going::containsKey).isPresent();
      if (ends && volume.goesAlong()) {
        continue;
      }
      Optional<String> why =
          volume
              .instanceId()
              .filter(id -> !ends)
              .map(id -> "attached to " + id + (seen.contains(id) ? ", which stays" : ""));
      if (takesUnless(volume, why)) {
        steps.add(DeleteVolume.of(volume, now));
      }
    }
  }

  private void images(Inventory inventory) {
    Map<String, String> instanceOf =
        inventory.instances().stream()
            .collect(Collectors.toMap(Instance::imageId, Instance::id, (one, other) -> one));
    Map<Boolean, List<Image>> byGoing =
        inventory.images().stream()
            .collect(
                Collectors.partitioningBy(
                    image ->
                        takesUnless(
                            image, scope.keepsUsedBy(image, instanceOf.get(image.id()), now))));
    Map<String, List<Image>> staying = bySnapshot(byGoing.get(false));
    Map<String, List<Image>> leaving = bySnapshot(byGoing.get(true));
    for (Image image : byGoing.get(true)) {
      List<Change> snapshots =
          image.snapshotIds().stream()
              .filter(id -> leaving.get(id).size() == 1 && !staying.containsKey(id))
              .map(id -> snapshotOf(image, id))
              .toList();
      steps.add(new DeregisterImage(Deletion.of("deregister", image, now), snapshots));
    }
    leaving.forEach(
        (id, users) -> {
          Change change = snapshotOf(users.get(0), id);
          if (staying.containsKey(id)) {
            String why = "image " + staying.get(id).get(0).id() + " uses it, which stays";
            leftOut.add(new LeftOut(change.kind(), change.region(), id, change.about(), why));
          } else if (users.size() > 1) {
            steps.add(new DeleteSnapshot(change));
          }
        });
  }

  private static Map<String, List<Image>> bySnapshot(List<Image> images) {
    Map<String, List<Image>> users = new LinkedHashMap<>();
    for (Image image : images) {
      image
          .snapshotIds()
          .forEach(id -> users.computeIfAbsent(id, key -> new ArrayList<>()).add(image));
    }
    return users;
  }

  private Change snapshotOf(Image image, String id) {
    return new Change(
        "delete",
        "snapshot",
        image.region(),
        id,
        "of image " + image.id() + ", " + About.of(image, now));
  }

  private void snapshots(List<Snapshot> orphans) {
    for (Snapshot snapshot : orphans) {
      if (takes(snapshot)) {
        steps.add(new DeleteSnapshot(Deletion.of("delete", snapshot, now)));
      }
    }
  }

  private void securityGroups(Inventory inventory) {
    for (SecurityGroup group : inventory.securityGroups()) {
      Optional<String> user =
          inventory.instances().stream()
              .filter(instance -> instance.securityGroupIds().contains(group.id()))
              .map(Instance::id)
              .filter(id -> !going.containsKey(id))
              .findFirst();
      Optional<String> why =
          othersRule(group)
              .map(rule -> "it has the rule \"" + rule + "\"; --all-owners takes it")
              .or(() -> user.map(id -> "instance " + id + " uses it, which stays"));
      if (takesUnless(group, why)) {
        steps.add(DeleteSecurityGroup.of(group, now));
      }
    }
  }

  private Optional<String> othersRule(SecurityGroup group) {
    Set<String> own = Set.of(IngressRule.nameOf(scope.owner()));
    return group.rules().stream()
        .filter(rule -> !scope.allOwners() && !own.containsAll(rule.owners()))
        .map(IngressRule::description)
        .findFirst();
  }

  private void keyPairs(List<KeyPair> keyPairs) {
    for (KeyPair keyPair : keyPairs) {
      Optional<String> why =
          mayDelete.test(keyPair)
              ? Optional.empty()
              : Optional.of("its private key is not in this state folder; --keys takes it");
      if (takesUnless(keyPair, why)) {
        steps.add(DeleteKeyPair.of(keyPair, now));
      }
    }
  }

  private void profileAndRole(Inventory inventory, ProfileUsers profileUsers) {
    Set<String> staying = new HashSet<>();
    Optional<String> user = profileUsers.reason(instance -> !going.containsKey(instance.id()));
    for (InstanceProfile profile : inventory.instanceProfile().stream().toList()) {
      if (takesUnless(profile, user)) {
        steps.add(DeleteInstanceProfile.of(profile, now));
      } else {
        staying.addAll(profile.roles());
      }
    }
    for (Role role : inventory.role().stream().toList()) {
      Optional<String> why =
          staying.contains(role.name())
              ? Optional.of("its instance profile stays")
              : Optional.empty();
      if (takesUnless(role, why)) {
        steps.add(DeleteRole.of(role, now));
      }
    }
  }

  private boolean takes(Resource resource) {
    return takesUnless(resource, Optional.empty());
  }

  /**
   * Whether a thing goes. If it does not, that is noted: the scope leaves it, or for this reason.
   */
  private boolean takesUnless(Resource resource, Optional<String> reason) {
    Optional<String> why = scope.leaves(resource, now).or(() -> reason);
    why.ifPresent(words -> leftOut.add(LeftOut.of(resource, words, now)));
    return why.isEmpty();
  }
}
