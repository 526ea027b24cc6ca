package hgauto.aws.plan;

import static hgauto.aws.plan.Things.BOBS;
import static hgauto.aws.plan.Things.ME;
import static hgauto.aws.plan.Things.MINE;
import static hgauto.aws.plan.Things.NOW;
import static hgauto.aws.plan.Things.REGION;
import static hgauto.aws.plan.Things.group;
import static hgauto.aws.plan.Things.image;
import static hgauto.aws.plan.Things.instance;
import static hgauto.aws.plan.Things.inventory;
import static hgauto.aws.plan.Things.keyPair;
import static hgauto.aws.plan.Things.profile;
import static hgauto.aws.plan.Things.role;
import static hgauto.aws.plan.Things.snapshot;
import static hgauto.aws.plan.Things.volume;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.inventory.Image;
import hgauto.aws.inventory.Instance;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Ownership;
import hgauto.aws.inventory.ProfileUsers;
import hgauto.aws.inventory.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PurgePlanTest {
  private static final Scope OWN = new Scope(ME, false, Optional.empty());
  private static final Scope ALL = new Scope(ME, true, Optional.empty());

  private static CleanUp purge(Scope scope, Resource... things) {
    return purge(scope, List.of(), things);
  }

  private static CleanUp purge(Scope scope, List<Instance> profileUsers, Resource... things) {
    return PurgePlan.of(
        List.of(inventory(things)),
        scope,
        key -> key.fingerprint().equals("here"),
        new ProfileUsers(profileUsers, List.of()),
        NOW);
  }

  private static List<String> changes(CleanUp cleanUp) {
    return cleanUp.plan().changes().stream()
        .map(change -> change.verb() + " " + change.kind() + " " + change.id())
        .toList();
  }

  private static List<String> left(CleanUp cleanUp) {
    return cleanUp.leftOut().stream().map(it -> it.id() + ": " + it.why()).toList();
  }

  @Test
  void everythingGoesInTheOrderInWhichItCan() {
    CleanUp cleanUp =
        purge(
            OWN,
            role(MINE),
            profile(MINE),
            group("sg-1", MINE, "hgauto " + ME, "office"),
            keyPair("hg-automation", Ownership.LEGACY, "here"),
            volume("vol-1", MINE, null),
            snapshot("snap-orphan", MINE),
            image("ami-1", MINE, "snap-1", "snap-2"),
            instance("i-1", MINE, REGION, List.of("sg-1")));
    assertThat(changes(cleanUp))
        .containsExactly(
            "terminate instance i-1",
            "deregister image ami-1",
            "delete snapshot snap-1",
            "delete snapshot snap-2",
            "delete volume vol-1",
            "delete snapshot snap-orphan",
            "delete security group sg-1",
            "delete key pair key-1",
            "delete instance profile hg-ephemeral-ec2-1",
            "delete role hg-ephemeral-ec2-role-1");
    assertThat(cleanUp.leftOut()).isEmpty();
    assertThat(cleanUp.plan().changes().get(2))
        .hasToString(
            "delete snapshot snap-1 in us-west-2 (of image ami-1, hg-linux-dev-debian10, 3 h old,"
                + " owner ann@laptop)");
  }

  @Test
  void whatIsAnothersStaysUnlessAllOwnersAreMeant() {
    Resource[] bobs = {
      role(BOBS),
      profile(BOBS),
      group("sg-1", BOBS),
      keyPair("hg-automation", BOBS, "here"),
      volume("vol-1", BOBS, null),
      snapshot("snap-1", BOBS),
      image("ami-1", BOBS, "snap-2"),
      instance("i-1", BOBS)
    };
    CleanUp own = purge(OWN, bobs);
    assertThat(changes(own)).isEmpty();
    assertThat(left(own))
        .hasSize(8)
        .allMatch(line -> line.endsWith(": another owner's; --all-owners takes it"));
    CleanUp all = purge(ALL, bobs);
    assertThat(changes(all)).hasSize(9);
    assertThat(all.plan().changes()).allMatch(change -> change.about().contains("owner bob@desk"));
  }

  @Test
  void aSnapshotThatAStayingImageUsesIsNotDeleted() {
    CleanUp cleanUp =
        purge(OWN, image("ami-1", MINE, "snap-1", "snap-2"), image("ami-2", BOBS, "snap-2"));
    assertThat(changes(cleanUp))
        .containsExactly("deregister image ami-1", "delete snapshot snap-1");
    assertThat(left(cleanUp))
        .containsExactly(
            "ami-2: another owner's; --all-owners takes it",
            "snap-2: image ami-2 uses it, which stays");
  }

  @Test
  void aSnapshotOfTwoImagesThatGoIsDeletedOnce() {
    assertThat(changes(purge(OWN, image("ami-1", MINE, "snap-1"), image("ami-2", MINE, "snap-1"))))
        .containsOnlyOnce("delete snapshot snap-1");
  }

  @Test
  void aVolumeStaysWithItsInstanceOrGoesWithIt() {
    CleanUp cleanUp =
        purge(
            OWN,
            instance("i-mine", MINE),
            instance("i-bob", BOBS),
            volume("vol-goes-along", MINE, "i-mine"),
            volume("vol-stays", MINE, "i-bob"),
            volume("vol-of-one-unseen", MINE, "i-other"));
    assertThat(changes(cleanUp)).containsExactly("terminate instance i-mine");
    assertThat(left(cleanUp))
        .contains(
            "vol-stays: attached to i-bob, which stays", "vol-of-one-unseen: attached to i-other");
  }

  @Test
  void aVolumeThatItsInstanceDoesNotTakeAlongIsDeletedAfterIt() {
    CleanUp cleanUp = purge(OWN, volume("vol-1", MINE, "i-mine", false), instance("i-mine", MINE));
    assertThat(changes(cleanUp))
        .containsExactly("terminate instance i-mine", "delete volume vol-1");
  }

  @Test
  void aGroupThatLetsOthersInIsLeftToThem() {
    Resource group = group("sg-1", Ownership.LEGACY, "hgauto " + ME, "hgauto bob@desk");
    assertThat(left(purge(OWN, group)))
        .containsExactly("sg-1: it has the rule \"hgauto bob@desk\"; --all-owners takes it");
    Resource shared = group("sg-1", Ownership.LEGACY, "hgauto bob@desk " + ME);
    assertThat(left(purge(OWN, shared)))
        .containsExactly(
            "sg-1: it has the rule \"hgauto bob@desk " + ME + "\"; --all-owners takes it");
    assertThat(changes(purge(ALL, group))).containsExactly("delete security group sg-1");
  }

  @Test
  void aGroupThatAStayingInstanceUsesIsLeft() {
    assertThat(
            left(purge(OWN, group("sg-1", MINE), instance("i-bob", BOBS, REGION, List.of("sg-1")))))
        .contains("sg-1: instance i-bob uses it, which stays");
  }

  @Test
  void aKeyPairGoesOnlyWhereItsPrivateKeyIsHere() {
    CleanUp cleanUp = purge(ALL, keyPair("hg-automation", Ownership.LEGACY, "elsewhere"));
    assertThat(changes(cleanUp)).isEmpty();
    assertThat(left(cleanUp))
        .containsExactly("key-1: its private key is not in this state folder; --keys takes it");
  }

  @Test
  void whatOnlyHasANameOfOursNeverGoes() {
    CleanUp cleanUp = purge(ALL, keyPair("hg-automation-x", Ownership.UNKNOWN, "here"));
    assertThat(changes(cleanUp)).isEmpty();
    assertThat(left(cleanUp)).containsExactly("key-1: nothing says that it is ours");
  }

  @Test
  void aRuleWhoseOwnerHasLettersThatEc2DoesNotTakeIsKnownAgain() {
    Scope scope = new Scope("jos\u00e9@laptop", false, Optional.empty());
    assertThat(changes(purge(scope, group("sg-1", Ownership.LEGACY, "hgauto jos_@laptop"))))
        .containsExactly("delete security group sg-1");
  }

  @Test
  void theProfileStaysWithItsRoleWhileAnInstanceAnywhereHasIt() {
    Instance there = instance("i-there", Ownership.LEGACY, "eu-central-1", List.of());
    CleanUp cleanUp = purge(OWN, List.of(there), profile(MINE), role(MINE));
    assertThat(changes(cleanUp)).isEmpty();
    assertThat(left(cleanUp))
        .containsExactly(
            "hg-ephemeral-ec2-1: instance i-there in eu-central-1 uses it, which stays",
            "hg-ephemeral-ec2-role-1: its instance profile stays");
  }

  @Test
  void theProfileGoesWithTheLastInstancesThatHaveIt() {
    Instance here = instance("i-here", MINE);
    Instance there = instance("i-there", MINE, "eu-central-1", List.of());
    List<Inventory> regions = List.of(inventory(profile(MINE), here), inventory(there));
    ProfileUsers users = new ProfileUsers(List.of(here, there), List.of());
    CleanUp cleanUp = PurgePlan.of(regions, OWN, key -> true, users, NOW);
    assertThat(changes(cleanUp))
        .containsExactly(
            "terminate instance i-there",
            "terminate instance i-here",
            "delete instance profile hg-ephemeral-ec2-1");
  }

  @Test
  void anImageThatAnInstanceHasCountsAsUsedThoughAwsDoesNotTellYet() {
    Image unused = image("ami-0", MINE, Optional.of(Duration.ofHours(30)));
    Scope older = new Scope(ME, false, Optional.of(Duration.ofHours(2)));
    CleanUp cleanUp = purge(older, unused, instance("i-bob", BOBS));
    assertThat(changes(cleanUp)).isEmpty();
    assertThat(left(cleanUp)).contains("ami-0: instance i-bob has it");
    assertThat(changes(purge(OWN, unused, instance("i-bob", BOBS))))
        .containsExactly("deregister image ami-0");
  }

  @Test
  void onlyWhatIsOlderGoesAndOfImagesOnlyTheUnused() {
    CleanUp cleanUp =
        purge(
            new Scope(ME, false, Optional.of(Duration.ofHours(2))),
            image("ami-old", MINE),
            image("ami-unused", MINE, Optional.of(Duration.ofMinutes(150))),
            image("ami-used", MINE, Optional.of(Duration.ofMinutes(30))),
            group("sg-1", MINE));
    assertThat(changes(cleanUp))
        .containsExactly("deregister image ami-old", "deregister image ami-unused");
    assertThat(left(cleanUp))
        .containsExactly(
            "ami-used: launched 30 min ago",
            "sg-1: AWS does not tell its age; without --older-than it goes");
    assertThat(
            changes(
                purge(
                    new Scope(ME, false, Optional.of(Duration.ofHours(3))),
                    image("ami-old", MINE),
                    volume("vol-1", MINE, null))))
        .isEmpty();
  }
}
