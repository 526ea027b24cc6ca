package hgauto.aws.ensure;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.plan.KeyFingerprints;
import hgauto.aws.plan.Outcome;
import hgauto.testbed.aws.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others ensure the same, in the same account, before, after or meanwhile. */
class EnsureTogetherTest {
  @TempDir private Path folder;

  private EnsureScene scene;

  @BeforeEach
  void begin() throws IOException {
    scene = new EnsureScene(folder);
  }

  @Test
  void twoPeopleHaveAKeyEachAndShareTheRest() throws InterruptedException {
    Ensured anns = scene.ann(Blueprint.WINDOWS);
    Ensured bobs = scene.bob(Blueprint.WINDOWS);
    assertThat(anns.keyName()).isEqualTo("hg-automation");
    assertThat(bobs.keyName())
        .isEqualTo("hg-automation-" + KeyFingerprints.shortName(EnsureScene.BOBS_KEY));
    assertThat(bobs.securityGroupId()).isEqualTo(anns.securityGroupId());
    assertThat(KeyFingerprints.of(EnsureScene.ANNS_KEY))
        .contains(scene.keyPair(EnsureScene.WEST, anns.keyName()).keyFingerprint());
    assertThat(KeyFingerprints.of(EnsureScene.BOBS_KEY))
        .contains(scene.keyPair(EnsureScene.WEST, bobs.keyName()).keyFingerprint());
    assertThat(scene.ann(Blueprint.WINDOWS)).isEqualTo(anns);
    assertThat(scene.bob(Blueprint.WINDOWS)).isEqualTo(bobs);
  }

  @Test
  void peopleBehindOneAddressShareItsRuleUntilTheLastHasGone() throws InterruptedException {
    scene.bob(Blueprint.LINUX);
    annFrom("198.51.100.1");
    assertThat(rules()).containsExactly("tcp 22-22 198.51.100.1/32 hgauto ann@laptop bob@desk");
    scene.planned.clear();
    annFrom("198.51.100.1");
    assertThat(scene.planned).isEmpty();
    scene.ensure(scene.bobsKeys, EnsureScene.BOB, EnsureScene.WEST, Blueprint.LINUX, "192.0.2.1");
    assertThat(rules())
        .containsExactlyInAnyOrder(
            "tcp 22-22 198.51.100.1/32 hgauto ann@laptop",
            "tcp 22-22 192.0.2.1/32 hgauto bob@desk");
    annFrom("192.0.2.1");
    assertThat(rules()).containsExactly("tcp 22-22 192.0.2.1/32 hgauto ann@laptop bob@desk");
  }

  @Test
  void theOtherMayJoinOrLeaveWhileWeDo() throws InterruptedException {
    scene.aws.onCall(
        "ec2:AuthorizeSecurityGroupIngress",
        1,
        Fault.before(() -> otherThread(() -> scene.bob(Blueprint.LINUX))));
    annFrom("198.51.100.1");
    assertThat(rules()).containsExactly("tcp 22-22 198.51.100.1/32 hgauto ann@laptop bob@desk");
    scene.aws.withoutFaults();
    scene.aws.onCall(
        "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
        1,
        Fault.before(
            () ->
                scene
                    .aws
                    .contents()
                    .changeGroup(
                        scene.group(EnsureScene.WEST, "hg-linux-dev-1").groupId(),
                        it -> it.ipPermissions(List.of()))));
    scene.ensure(scene.bobsKeys, EnsureScene.BOB, EnsureScene.WEST, Blueprint.LINUX, "192.0.2.1");
    assertThat(scene.outcomes).noneMatch(Outcome::failed);
  }

  @Test
  void whoeverFindsNoRoomInTheDescriptionKeepsTheRuleNevertheless() throws InterruptedException {
    for (int i = 0; i < 40; i++) {
      scene.ensure(
          scene.bobsKeys,
          "builder@machine-" + i,
          EnsureScene.WEST,
          Blueprint.LINUX,
          "198.51.100.1");
    }
    assertThat(rules()).singleElement().asString().hasSizeLessThan(290).endsWith(" *");
    annFrom("198.51.100.1");
    for (int i = 0; i < 40; i++) {
      scene.ensure(
          scene.bobsKeys, "builder@machine-" + i, EnsureScene.WEST, Blueprint.LINUX, "192.0.2.1");
    }
    assertThat(rules()).contains("tcp 22-22 198.51.100.1/32 hgauto *");
  }

  private void annFrom(String address) throws InterruptedException {
    scene.ensure(scene.annsKeys, EnsureScene.ANN, EnsureScene.WEST, Blueprint.LINUX, address);
  }

  private List<String> rules() {
    return EnsureScene.rules(scene.group(EnsureScene.WEST, "hg-linux-dev-1"));
  }

  @Test
  void twoRegionsHaveTheSameKeyAndAGroupEach() throws InterruptedException {
    Ensured west = scene.ann(Blueprint.LINUX);
    Ensured east =
        scene.ensure(
            scene.annsKeys, EnsureScene.ANN, EnsureScene.EAST, Blueprint.LINUX, "203.0.113.7");
    assertThat(east.keyName()).isEqualTo(west.keyName());
    assertThat(east.securityGroupId())
        .isEqualTo(scene.group(EnsureScene.EAST, "hg-linux-dev-1").groupId());
    assertThat(scene.keyPair(EnsureScene.EAST, "hg-automation").keyFingerprint())
        .isEqualTo(scene.keyPair(EnsureScene.WEST, "hg-automation").keyFingerprint());
  }

  @Test
  void twoPeopleInTwoRegionsAtOnceDoNotDisturbEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Ensured>> running = new ArrayList<>();
      for (String region : List.of(EnsureScene.WEST, EnsureScene.EAST)) {
        running.add(
            threads.submit(
                () ->
                    scene.ensure(
                        scene.annsKeys,
                        EnsureScene.ANN,
                        region,
                        Blueprint.WINDOWS,
                        "203.0.113.7")));
        running.add(
            threads.submit(
                () ->
                    scene.ensure(
                        scene.bobsKeys,
                        EnsureScene.BOB,
                        region,
                        Blueprint.WINDOWS,
                        "198.51.100.1")));
      }
      for (Future<Ensured> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    for (String region : List.of(EnsureScene.WEST, EnsureScene.EAST)) {
      assertThat(EnsureScene.rules(scene.group(region, "hg-windows-dev-1")))
          .containsExactlyInAnyOrder(
              "tcp 22-22 203.0.113.7/32 hgauto ann@laptop",
              "tcp 22-22 198.51.100.1/32 hgauto bob@desk");
      assertThat(scene.aws.in(region).keyPairs()).hasSize(2);
    }
    scene.planned.clear();
    scene.ann(Blueprint.WINDOWS);
    scene.bob(Blueprint.WINDOWS);
    assertThat(scene.planned).isEmpty();
  }

  /** Between our look and each of our changes in turn, bob ensures the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec2:ImportKeyPair",
        "ec2:CreateSecurityGroup",
        "ec2:AuthorizeSecurityGroupIngress",
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "iam:CreateInstanceProfile",
        "iam:AddRoleToInstanceProfile"
      })
  void anotherPersonMayBeFirst(String action) throws InterruptedException {
    scene.aws.onCall(
        action, 1, Fault.before(() -> otherThread(() -> scene.bob(Blueprint.WINDOWS))));
    Ensured anns = scene.ann(Blueprint.WINDOWS);
    assertThat(scene.outcomes).noneMatch(Outcome::failed);
    assertThat(anns.securityGroupId())
        .isEqualTo(scene.group(EnsureScene.WEST, "hg-windows-dev-1").groupId());
    assertThat(KeyFingerprints.of(EnsureScene.ANNS_KEY))
        .contains(scene.keyPair(EnsureScene.WEST, anns.keyName()).keyFingerprint());
    assertThat(scene.aws.contents().keyPairs()).hasSize(2);
    assertThat(EnsureScene.rules(scene.group(EnsureScene.WEST, "hg-windows-dev-1"))).hasSize(2);
    scene.planned.clear();
    scene.ann(Blueprint.WINDOWS);
    scene.bob(Blueprint.WINDOWS);
    assertThat(scene.planned).isEmpty();
  }

  @Test
  void aGroupThatAnotherPersonMadeWasThereAlready() throws InterruptedException {
    scene.aws.onCall(
        "ec2:CreateSecurityGroup",
        1,
        Fault.before(() -> scene.aws.contents().group("hg-linux-dev-1")));
    scene.ann(Blueprint.LINUX);
    assertThat(scene.outcomes)
        .filteredOn(outcome -> outcome.change().kind().equals("security group"))
        .extracting(Outcome::result)
        .containsExactly(Outcome.Result.ALREADY);
  }

  @Test
  void anotherProcessOfOursMayBeFirst() throws InterruptedException {
    scene.aws.onCall(
        "ec2:ImportKeyPair", 1, Fault.before(() -> otherThread(() -> scene.ann(Blueprint.LINUX))));
    assertThat(scene.ann(Blueprint.LINUX).keyName()).isEqualTo("hg-automation");
    assertThat(scene.aws.contents().keyPairs()).hasSize(1);
    assertThat(scene.outcomes).extracting(Outcome::result).contains(Outcome.Result.ALREADY);
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  /** A hook runs in a thread for parallel work, which must not wait for other parallel work. */
  private static void otherThread(Work work) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      thread
          .submit(
              () -> {
                work.run();
                return null;
              })
          .get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      thread.shutdownNow();
    }
  }
}
