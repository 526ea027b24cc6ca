package hgauto.aws.plan;

import hgauto.aws.inventory.Image;
import hgauto.aws.inventory.Instance;
import hgauto.aws.inventory.InstanceProfile;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.KeyPair;
import hgauto.aws.inventory.Ownership;
import hgauto.aws.inventory.Resource;
import hgauto.aws.inventory.Role;
import hgauto.aws.inventory.SecurityGroup;
import hgauto.aws.inventory.SecurityGroup.IngressRule;
import hgauto.aws.inventory.Snapshot;
import hgauto.aws.inventory.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Things in an account, for pure plans. All are three hours old at {@link #NOW}. */
final class Things {
  static final Instant NOW = Instant.parse("2026-11-24T20:00:00Z");
  static final String ME = "ann@laptop";
  static final Ownership MINE = owned(ME);
  static final Ownership BOBS = owned("bob@desk");
  static final String REGION = "us-west-2";
  static final String PROFILE_ARN = "arn:aws:iam::123456789012:instance-profile/hg-ephemeral-ec2-1";

  private static final Instant MADE = NOW.minus(Duration.ofHours(3));

  private Things() {}

  static Ownership owned(String owner) {
    return new Ownership(Optional.of(owner), Optional.empty(), Optional.empty());
  }

  static Ownership expiring(String owner, Duration in) {
    return new Ownership(Optional.of(owner), Optional.of("run-1"), Optional.of(NOW.plus(in)));
  }

  static Instance instance(String id, Ownership ownership) {
    return instance(id, ownership, REGION, List.of());
  }

  static Instance instance(String id, Ownership ownership, String region, List<String> groups) {
    return new Instance(
        region,
        id,
        "hg-temp-windows",
        ownership,
        "running",
        MADE,
        "t3.medium",
        true,
        "ami-0",
        groups,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Image image(String id, Ownership ownership, String... snapshots) {
    return image(id, ownership, Optional.empty(), snapshots);
  }

  static Image image(
      String id, Ownership ownership, Optional<Duration> launchedBefore, String... snapshots) {
    return new Image(
        REGION,
        id,
        "hg-linux-dev-debian10",
        ownership,
        "available",
        MADE,
        launchedBefore.map(NOW::minus),
        List.of(snapshots),
        10);
  }

  static Snapshot snapshot(String id, Ownership ownership) {
    return new Snapshot(REGION, id, id, ownership, MADE, 10);
  }

  static Volume volume(String id, Ownership ownership, String instance) {
    return volume(id, ownership, instance, true);
  }

  static Volume volume(String id, Ownership ownership, String instance, boolean goesAlong) {
    return new Volume(
        REGION, id, id, ownership, MADE, Optional.ofNullable(instance), goesAlong, "gp3", 10);
  }

  static KeyPair keyPair(String name, Ownership ownership, String fingerprint) {
    return new KeyPair(REGION, "key-1", name, ownership, fingerprint, Optional.of(MADE));
  }

  static SecurityGroup group(String id, Ownership ownership, String... rules) {
    return new SecurityGroup(
        REGION,
        id,
        "hg-linux-dev-1",
        ownership,
        "vpc-1",
        Stream.of(rules)
            .map(rule -> new IngressRule("tcp", 22, 22, "192.0.2.1/32", rule))
            .toList());
  }

  static InstanceProfile profile(Ownership ownership) {
    return new InstanceProfile(
        "hg-ephemeral-ec2-1", PROFILE_ARN, ownership, MADE, List.of("hg-ephemeral-ec2-role-1"));
  }

  static Role role(Ownership ownership) {
    return new Role(
        "hg-ephemeral-ec2-role-1",
        ownership,
        MADE,
        "{}",
        List.of("arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"),
        Map.of("ssm", "{}"));
  }

  /** A region with these things. */
  static Inventory inventory(Resource... things) {
    return new Inventory(
        REGION,
        only(Instance.class, things),
        only(Image.class, things),
        only(Snapshot.class, things),
        only(Volume.class, things),
        only(KeyPair.class, things),
        only(SecurityGroup.class, things),
        only(InstanceProfile.class, things).stream().findFirst(),
        only(Role.class, things).stream().findFirst());
  }

  private static <T> List<T> only(Class<T> kind, Resource... things) {
    return Stream.of(things).filter(kind::isInstance).map(kind::cast).toList();
  }
}
