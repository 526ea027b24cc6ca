package hgauto.aws.inventory;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a sweep found in a region; empty lists for the kinds that it did not look for. */
public record Inventory(
    String region,
    List<Instance> instances,
    List<Image> images,
    List<Snapshot> snapshots,
    List<Volume> volumes,
    List<KeyPair> keyPairs,
    List<SecurityGroup> securityGroups,
    Optional<InstanceProfile> instanceProfile,
    Optional<Role> role) {
  /** All of it, kind by kind. */
  public Stream<Resource> all() {
    return Stream.of(
            instances.stream(),
            images.stream(),
            snapshots.stream(),
            volumes.stream(),
            keyPairs.stream(),
            securityGroups.stream(),
            instanceProfile.stream(),
            role.stream())
        .flatMap(found -> found);
  }
}
