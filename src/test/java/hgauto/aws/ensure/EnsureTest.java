package hgauto.aws.ensure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Ownership;
import hgauto.aws.inventory.Sweep;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.KeyFingerprints;
import hgauto.aws.plan.Outcome;
import hgauto.error.EnvironmentException;
import hgauto.machine.SshKey;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

class EnsureTest {
  private static final SshKey ANNS_KEY = SshKey.generate();
  private static final SshKey BOBS_KEY = SshKey.generate();
  private static final String ANN = "ann@laptop";
  private static final String BOB = "bob@desk";
  private static final String WEST = "us-west-2";
  private static final String EAST = "us-east-1";
  private static final String FORMER = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";

  private static final Set<String> LOOKS =
      Set.of(
          "ec2:DescribeKeyPairs",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "iam:GetInstanceProfile",
          "iam:GetRole",
          "iam:GetRolePolicy",
          "iam:ListAttachedRolePolicies",
          "iam:ListRolePolicies");

  /** Nobody listens there. */
  private static final CheckIp NO_CHECK_IP =
      new CheckIp(URI.create("http://127.0.0.1:1/"), Duration.ofSeconds(5));

  @TempDir private Path folder;

  private final FakeAccount aws = new FakeAccount(WEST, EAST);
  private final List<Change> planned = new CopyOnWriteArrayList<>();
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final Sleepless time = new Sleepless();
  private Path annsKeys;
  private Path bobsKeys;

  @BeforeEach
  void saveKeys() throws IOException {
    annsKeys = Files.createDirectory(folder.resolve("ann"));
    bobsKeys = Files.createDirectory(folder.resolve("bob"));
    ANNS_KEY.save(annsKeys);
    BOBS_KEY.save(bobsKeys);
  }

  @Test
  void aFreshAccountGetsWhatLinuxNeedsAndNoMore() throws InterruptedException {
    Ensured ensured = ann(Blueprint.LINUX);
    assertThat(ensured.keyName()).isEqualTo("hg-automation");
    assertThat(ensured.profileName()).isEmpty();
    SecurityGroup group = group(WEST, "hg-linux-dev-1");
    assertThat(ensured.securityGroupId()).isEqualTo(group.groupId());
    assertThat(rules(group)).containsExactly("tcp 22-22 203.0.113.7/32 hgauto ann@laptop");
    assertThat(aws.roles()).isEmpty();
    assertThat(aws.profiles()).isEmpty();
    assertThat(aws.actions())
        .containsExactlyInAnyOrder(
            "ec2:DescribeKeyPairs",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:ImportKeyPair",
            "ec2:CreateSecurityGroup",
            "ec2:AuthorizeSecurityGroupIngress");
  }

  @Test
  void aFreshAccountGetsWhatWindowsNeeds() throws InterruptedException {
    assertThat(ann(Blueprint.WINDOWS).profileName()).contains("hg-ephemeral-ec2-1");
    Inventory inventory = sweep(WEST);
    assertThat(inventory.role().orElseThrow().attachedPolicies()).isEmpty();
    assertThat(inventory.role().orElseThrow().inlinePolicies())
        .containsOnlyKeys("hgauto-ssm-agent");
    assertThat(inventory.instanceProfile().orElseThrow().roles())
        .containsExactly("hg-ephemeral-ec2-role-1");
    assertThat(inventory.all())
        .hasSize(4)
        .allSatisfy(it -> assertThat(it.ownership()).isEqualTo(owned(ANN)));
  }

  @Test
  void theSecondTimeNothingIsChangedAndNobodyIsTold() throws InterruptedException {
    for (Blueprint blueprint : List.of(Blueprint.LINUX, Blueprint.WINDOWS)) {
      Ensured first = ann(blueprint);
      planned.clear();
      aws.forgetCalls();
      assertThat(ann(blueprint)).isEqualTo(first);
      assertThat(aws.actions()).isSubsetOf(LOOKS).doesNotHaveDuplicates();
      assertThat(planned).isEmpty();
    }
  }

  @Test
  void whatIsCarriedOutIsWhatWasPlanned() throws InterruptedException {
    ann(Blueprint.WINDOWS);
    assertThat(outcomes)
        .extracting(Outcome::change)
        .containsExactlyInAnyOrderElementsOf(planned)
        .hasSize(5);
  }

  @Test
  void aMissingKeyIsMadeAndSaved() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    ensure(empty, ANN, WEST, Blueprint.LINUX, "203.0.113.7");
    SshKey key = SshKey.in(empty).orElseThrow();
    assertThat(KeyFingerprints.of(key)).contains(keyPair(WEST, "hg-automation").keyFingerprint());
  }

  @Test
  void aDamagedKeyIsAnErrorAndNothingIsChanged() throws IOException {
    Files.writeString(annsKeys.resolve("keypair-automation"), "junk");
    assertThatThrownBy(() -> ann(Blueprint.WINDOWS))
        .hasMessageContaining(annsKeys.resolve("keypair-automation").toString());
    assertThat(aws.actions()).isSubsetOf(LOOKS);
  }

  @Test
  void anUnknownAddressIsAnErrorThatNamesTheOptionAndNothingIsChanged() {
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> run(annsKeys, ANN, WEST, Blueprint.LINUX, Set.of(), Optional.empty()));
    assertThat(failure.next()).contains("--ssh-from");
    assertThat(aws.actions()).isSubsetOf(LOOKS);
  }

  @Test
  void whatAutomationPyMadeIsKeptAndMended() throws InterruptedException {
    String fingerprint = KeyFingerprints.of(ANNS_KEY).iterator().next();
    aws.contents().putKeyPair("hg-automation", fingerprint, key -> {});
    String group = aws.contents().group("hg-windows-dev-1").groupId();
    aws.contents()
        .changeGroup(
            group,
            it ->
                it.ipPermissions(
                    open(22, 22), open(3389, 3389), open(5985, 5986), open(8080, 8080)));
    ann(Blueprint.WINDOWS);
    aws.iam().attachRolePolicy(r -> r.roleName("hg-ephemeral-ec2-role-1").policyArn(FORMER));
    aws.iam()
        .deleteRolePolicy(
            r -> r.roleName("hg-ephemeral-ec2-role-1").policyName("hgauto-ssm-agent"));
    aws.iam()
        .updateAssumeRolePolicy(
            r -> r.roleName("hg-ephemeral-ec2-role-1").policyDocument("{\"Statement\":[]}"));
    Ensured ensured = ann(Blueprint.WINDOWS);
    assertThat(ensured.keyName()).isEqualTo("hg-automation");
    assertThat(ensured.securityGroupId()).isEqualTo(group);
    assertThat(rules(group(WEST, "hg-windows-dev-1")))
        .containsExactlyInAnyOrder(
            "tcp 22-22 203.0.113.7/32 hgauto ann@laptop", "tcp 8080-8080 0.0.0.0/0 SSH");
    assertThat(sweep(WEST).role().orElseThrow().attachedPolicies()).isEmpty();
    planned.clear();
    ann(Blueprint.WINDOWS);
    assertThat(planned).isEmpty();
  }

  @Test
  void aNewAddressTakesThePlaceOfTheOldOneAndOnlyOfOurs() throws InterruptedException {
    ann(Blueprint.LINUX);
    bob(Blueprint.LINUX);
    ensure(annsKeys, ANN, WEST, Blueprint.LINUX, "192.0.2.1/32", "2001:db8::/64");
    assertThat(rules(group(WEST, "hg-linux-dev-1")))
        .containsExactlyInAnyOrder(
            "tcp 22-22 198.51.100.1/32 hgauto bob@desk",
            "tcp 22-22 192.0.2.1/32 hgauto ann@laptop",
            "tcp 22-22 2001:db8:0:0:0:0:0:0/64 hgauto ann@laptop");
  }

  @Test
  void twoPeopleHaveAKeyEachAndShareTheRest() throws InterruptedException {
    Ensured anns = ann(Blueprint.WINDOWS);
    Ensured bobs = bob(Blueprint.WINDOWS);
    assertThat(anns.keyName()).isEqualTo("hg-automation");
    assertThat(bobs.keyName()).isEqualTo("hg-automation-" + KeyFingerprints.shortName(BOBS_KEY));
    assertThat(bobs.securityGroupId()).isEqualTo(anns.securityGroupId());
    assertThat(KeyFingerprints.of(ANNS_KEY))
        .contains(keyPair(WEST, anns.keyName()).keyFingerprint());
    assertThat(KeyFingerprints.of(BOBS_KEY))
        .contains(keyPair(WEST, bobs.keyName()).keyFingerprint());
    assertThat(ann(Blueprint.WINDOWS)).isEqualTo(anns);
    assertThat(bob(Blueprint.WINDOWS)).isEqualTo(bobs);
  }

  @Test
  void twoRegionsHaveTheSameKeyAndAGroupEach() throws InterruptedException {
    Ensured west = ann(Blueprint.LINUX);
    Ensured east = ensure(annsKeys, ANN, EAST, Blueprint.LINUX, "203.0.113.7");
    assertThat(east.keyName()).isEqualTo(west.keyName());
    assertThat(east.securityGroupId()).isEqualTo(group(EAST, "hg-linux-dev-1").groupId());
    assertThat(keyPair(EAST, "hg-automation").keyFingerprint())
        .isEqualTo(keyPair(WEST, "hg-automation").keyFingerprint());
  }

  @Test
  void twoPeopleInTwoRegionsAtOnceDoNotDisturbEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Ensured>> running = new ArrayList<>();
      for (String region : List.of(WEST, EAST)) {
        running.add(
            threads.submit(() -> ensure(annsKeys, ANN, region, Blueprint.WINDOWS, "203.0.113.7")));
        running.add(
            threads.submit(() -> ensure(bobsKeys, BOB, region, Blueprint.WINDOWS, "198.51.100.1")));
      }
      for (Future<Ensured> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    for (String region : List.of(WEST, EAST)) {
      assertThat(rules(group(region, "hg-windows-dev-1")))
          .containsExactlyInAnyOrder(
              "tcp 22-22 203.0.113.7/32 hgauto ann@laptop",
              "tcp 22-22 198.51.100.1/32 hgauto bob@desk");
      assertThat(aws.in(region).keyPairs()).hasSize(2);
    }
    planned.clear();
    ann(Blueprint.WINDOWS);
    bob(Blueprint.WINDOWS);
    assertThat(planned).isEmpty();
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
    aws.onCall(action, 1, Fault.before(() -> otherThread(() -> bob(Blueprint.WINDOWS))));
    Ensured anns = ann(Blueprint.WINDOWS);
    assertThat(outcomes).noneMatch(Outcome::failed);
    assertThat(anns.securityGroupId()).isEqualTo(group(WEST, "hg-windows-dev-1").groupId());
    assertThat(KeyFingerprints.of(ANNS_KEY))
        .contains(keyPair(WEST, anns.keyName()).keyFingerprint());
    assertThat(aws.contents().keyPairs()).hasSize(2);
    assertThat(rules(group(WEST, "hg-windows-dev-1"))).hasSize(2);
    planned.clear();
    ann(Blueprint.WINDOWS);
    bob(Blueprint.WINDOWS);
    assertThat(planned).isEmpty();
  }

  @Test
  void anotherProcessOfOursMayBeFirst() throws InterruptedException {
    aws.onCall("ec2:ImportKeyPair", 1, Fault.before(() -> otherThread(() -> ann(Blueprint.LINUX))));
    assertThat(ann(Blueprint.LINUX).keyName()).isEqualTo("hg-automation");
    assertThat(aws.contents().keyPairs()).hasSize(1);
    assertThat(outcomes).extracting(Outcome::result).contains(Outcome.Result.ALREADY);
  }

  @Test
  void rulesThatVanishBeforeWeCloseThemAreAsGood() throws InterruptedException {
    String group = aws.contents().group("hg-linux-dev-1").groupId();
    aws.contents().changeGroup(group, it -> it.ipPermissions(open(22, 22)));
    aws.onCall(
        "ec2:RevokeSecurityGroupIngress",
        Fault.before(() -> aws.contents().changeGroup(group, it -> it.ipPermissions(List.of()))));
    ann(Blueprint.LINUX);
    assertThat(outcomes)
        .extracting(Outcome::result)
        .containsExactlyInAnyOrder(
            Outcome.Result.DONE, Outcome.Result.DONE, Outcome.Result.ALREADY);
  }

  @Test
  void aGroupThatIsNotKnownEverywhereYetIsWaitedFor() throws InterruptedException {
    aws.behaviour().groupsHiddenFor(3);
    ann(Blueprint.LINUX);
    assertThat(rules(group(WEST, "hg-linux-dev-1"))).hasSize(1);
    assertThat(time.slept()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec2:DescribeKeyPairs",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:ImportKeyPair",
        "ec2:CreateSecurityGroup",
        "ec2:AuthorizeSecurityGroupIngress",
        "iam:GetRole",
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "iam:CreateInstanceProfile",
        "iam:AddRoleToInstanceProfile"
      })
  void aRefusedCallIsNamedWithItsRemedyAndTheNextRunMendsAll(String action)
      throws InterruptedException {
    aws.onCall(action, Fault.FORBIDDEN);
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> ann(Blueprint.WINDOWS));
    assertThat(failure.what() + failure.why()).contains(action);
    assertThat(failure.next()).contains("Allow " + action).contains("docs/aws-permissions.md");
    assertThat(time.slept()).isZero();
    aws.withoutFaults();
    ann(Blueprint.WINDOWS);
    planned.clear();
    ann(Blueprint.WINDOWS);
    assertThat(planned).isEmpty();
  }

  /** As the SDK repeats a call whose answer was lost, and as a person does. */
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
  void aLostAnswerIsMendedByTheNextRun(String action) throws InterruptedException {
    aws.onCall(action, 1, Fault.ANSWER_LOST);
    assertThatThrownBy(() -> ann(Blueprint.WINDOWS)).isInstanceOf(EnvironmentException.class);
    ann(Blueprint.WINDOWS);
    planned.clear();
    ann(Blueprint.WINDOWS);
    assertThat(planned).isEmpty();
    assertThat(aws.contents().keyPairs()).hasSize(1);
  }

  @Test
  void withoutADefaultNetworkTheErrorNamesTheOption() {
    aws.contents().removeDefaultNetwork();
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> ann(Blueprint.LINUX));
    assertThat(failure.next()).contains("--subnet");
    assertThat(aws.actions()).isSubsetOf(LOOKS);
  }

  @Test
  void aSubnetBringsItsNetwork() throws InterruptedException {
    Ensured inDefault = ann(Blueprint.LINUX);
    String subnet = aws.contents().putSubnet();
    Ensured inOther =
        run(annsKeys, ANN, WEST, Blueprint.LINUX, ranges("203.0.113.7"), Optional.of(subnet));
    assertThat(inOther.securityGroupId()).isNotEqualTo(inDefault.securityGroupId());
    aws.forgetCalls();
    assertThat(
            run(annsKeys, ANN, WEST, Blueprint.LINUX, ranges("203.0.113.7"), Optional.of(subnet)))
        .isEqualTo(inOther);
    assertThat(aws.actions()).isSubsetOf(LOOKS);
    assertThat(ann(Blueprint.LINUX)).isEqualTo(inDefault);
  }

  @Test
  void aSubnetThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () ->
                run(
                    annsKeys,
                    ANN,
                    WEST,
                    Blueprint.LINUX,
                    ranges("203.0.113.7"),
                    Optional.of("subnet-0bad")))
        .hasMessageContaining("look at subnet subnet-0bad in us-west-2");
  }

  private Ensured ann(Blueprint blueprint) throws InterruptedException {
    return ensure(annsKeys, ANN, WEST, blueprint, "203.0.113.7/32");
  }

  private Ensured bob(Blueprint blueprint) throws InterruptedException {
    return ensure(bobsKeys, BOB, WEST, blueprint, "198.51.100.1/32");
  }

  private Ensured ensure(
      Path keys, String owner, String region, Blueprint blueprint, String... from)
      throws InterruptedException {
    return run(keys, owner, region, blueprint, ranges(from), Optional.empty());
  }

  private Ensured run(
      Path keys,
      String owner,
      String region,
      Blueprint blueprint,
      Set<Cidr> from,
      Optional<String> subnet)
      throws InterruptedException {
    return new Ensure(aws.account(), time.poll(), keys, NO_CHECK_IP)
        .run(
            new Ensure.Request(blueprint, region, owner, from, subnet),
            plan -> planned.addAll(plan.changes()),
            outcomes::add);
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

  private Inventory sweep(String region) throws InterruptedException {
    return Sweep.of(
        aws.account(), region, EnumSet.of(Kind.KEY_PAIRS, Kind.SECURITY_GROUPS, Kind.IAM));
  }

  private SecurityGroup group(String region, String name) {
    return aws.in(region).groups().stream()
        .filter(group -> group.groupName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private KeyPairInfo keyPair(String region, String name) {
    return aws.in(region).keyPairs().stream()
        .filter(pair -> pair.keyName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Ownership owned(String owner) {
    return new Ownership(Optional.of(owner), Optional.empty(), Optional.empty());
  }

  private static Set<Cidr> ranges(String... texts) {
    Set<Cidr> ranges = new HashSet<>();
    for (String text : texts) {
      ranges.add(Cidr.of(text).orElseThrow());
    }
    return ranges;
  }

  private static IpPermission open(int fromPort, int toPort) {
    return IpPermission.builder()
        .ipProtocol("tcp")
        .fromPort(fromPort)
        .toPort(toPort)
        .ipRanges(IpRange.builder().cidrIp("0.0.0.0/0").description("SSH").build())
        .build();
  }

  private static List<String> rules(SecurityGroup group) {
    List<String> rules = new ArrayList<>();
    for (IpPermission rule : group.ipPermissions()) {
      String ports = rule.ipProtocol() + " " + rule.fromPort() + "-" + rule.toPort() + " ";
      rule.ipRanges().forEach(r -> rules.add(ports + r.cidrIp() + " " + r.description()));
      rule.ipv6Ranges().forEach(r -> rules.add(ports + r.cidrIpv6() + " " + r.description()));
    }
    return rules;
  }
}
