package hgauto.aws.ensure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.aws.inventory.InstanceProfile;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.KeyPair;
import hgauto.aws.inventory.Ownership;
import hgauto.aws.inventory.Role;
import hgauto.aws.inventory.SecurityGroup;
import hgauto.aws.inventory.SecurityGroup.IngressRule;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.KeyFingerprints;
import hgauto.error.EnvironmentException;
import hgauto.machine.SshKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EnsurePlanTest {
  private static final SshKey KEY = SshKey.generate();
  private static final String OWN_NAME = "hg-automation-" + KeyFingerprints.shortName(KEY);
  private static final Blueprint.Access ACCESS = Blueprint.WINDOWS.access().orElseThrow();
  private static final String REGION = "us-west-2";
  private static final String OURS = "hgauto ann@laptop";
  private static final String FORMER = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";

  private static final IngressRule OPEN = rule(22, 22, "0.0.0.0/0", "SSH from entire Internet");
  private static final IngressRule ADMITTED = rule(22, 22, "203.0.113.7/32", OURS);

  private List<KeyPair> keyPairs = List.of(keyPair("hg-automation", ourFingerprint()));
  private List<SecurityGroup> groups = List.of();
  private Optional<Role> role = Optional.empty();
  private Optional<InstanceProfile> profile = Optional.empty();
  private Set<Cidr> from = ranges("203.0.113.7/32");

  @Test
  void aFreshAccountGetsAKeyPairAndAGroupForLinux() {
    keyPairs = List.of();
    assertThat(changes(Blueprint.LINUX))
        .containsExactly(
            "import key pair hg-automation in us-west-2",
            "create security group hg-linux-dev-1 in us-west-2 (SSH from 203.0.113.7/32, nothing"
                + " else)");
  }

  @Test
  void andARoleAndAProfileForWindows() {
    keyPairs = List.of();
    assertThat(changes(Blueprint.WINDOWS))
        .containsExactly(
            "import key pair hg-automation in us-west-2",
            "create security group hg-windows-dev-1 in us-west-2 (SSH from 203.0.113.7/32, nothing"
                + " else)",
            "create role hg-ephemeral-ec2-role-1 (it may do what the agent of Systems Manager"
                + " needs, nothing else)",
            "create instance profile hg-ephemeral-ec2-1",
            "mend instance profile hg-ephemeral-ec2-1 (put role hg-ephemeral-ec2-role-1 into it)");
  }

  @Test
  void whereAllIsThereNothingChanges() {
    groups = List.of(group("sg-1", "hg-windows-dev-1", "vpc-1", ADMITTED));
    role = Optional.of(role(ACCESS.trust(), Map.of("hgauto-ssm-agent", ACCESS.policy())));
    profile = Optional.of(profile("hg-ephemeral-ec2-role-1"));
    EnsurePlan plan = plan(Blueprint.WINDOWS);
    assertThat(plan.plan().steps()).isEmpty();
    assertThat(plan.after(List.of()))
        .isEqualTo(new Ensured("hg-automation", "sg-1", Optional.of("hg-ephemeral-ec2-1")));
  }

  @Test
  void ourKeyIsKnownByEveryFingerprint() {
    groups = List.of(group("sg-1", "hg-linux-dev-1", "vpc-1", ADMITTED));
    for (String fingerprint : KeyFingerprints.of(KEY)) {
      keyPairs = List.of(keyPair("hg-automation", fingerprint));
      assertThat(changes(Blueprint.LINUX)).isEmpty();
    }
  }

  @Test
  void anotherPersonsKeyStaysAndOursGetsANameOfItsOwn() {
    groups = List.of(group("sg-1", "hg-linux-dev-1", "vpc-1", ADMITTED));
    keyPairs = List.of(keyPair("hg-automation", "00:11"), keyPair("hg-automation-0a", "22:33"));
    assertThat(changes(Blueprint.LINUX))
        .containsExactly(
            "import key pair " + OWN_NAME + " in us-west-2 (another key is called hg-automation)");
  }

  @Test
  void ourKeyIsUsedUnderWhateverNameItHas() {
    groups = List.of(group("sg-1", "hg-linux-dev-1", "vpc-1", ADMITTED));
    keyPairs = List.of(keyPair("hg-automation", "00:11"), keyPair(OWN_NAME, ourFingerprint()));
    assertThat(plan(Blueprint.LINUX).after(List.of()).keyName()).isEqualTo(OWN_NAME);
    keyPairs =
        List.of(keyPair(OWN_NAME, ourFingerprint()), keyPair("hg-automation", ourFingerprint()));
    assertThat(plan(Blueprint.LINUX).after(List.of()).keyName()).isEqualTo("hg-automation");
  }

  @Test
  void aGroupOfAnotherNetworkIsNotOurs() {
    groups = List.of(group("sg-1", "hg-linux-dev-1", "vpc-2", ADMITTED));
    assertThat(changes(Blueprint.LINUX))
        .singleElement()
        .asString()
        .startsWith("create security group hg-linux-dev-1");
  }

  @Test
  void ourRuleOfAnotherTimeIsReplaced() {
    groups =
        List.of(group("sg-1", "hg-linux-dev-1", "vpc-1", rule(22, 22, "198.51.100.1/32", OURS)));
    assertThat(changes(Blueprint.LINUX))
        .containsExactly(
            "open security group sg-1 in us-west-2 (hg-linux-dev-1: SSH from 203.0.113.7/32)",
            "close security group sg-1 in us-west-2 (hg-linux-dev-1: port 22 from 198.51.100.1/32,"
                + " our rule of another time)");
  }

  @Test
  void otherPeoplesRulesStay() {
    groups =
        List.of(
            group(
                "sg-1",
                "hg-linux-dev-1",
                "vpc-1",
                ADMITTED,
                rule(22, 22, "198.51.100.1/32", "hgauto bob@desk"),
                rule(22, 22, "0.0.0.0/0", "hgauto bob@desk"),
                rule(8080, 8080, "0.0.0.0/0", "somebody's"),
                rule(22, 22, "0.0.0.0/0", "the office's robots"),
                rule(3389, 3389, "0.0.0.0/0", ""),
                rule(5985, 5986, "0.0.0.0/0", "RDP from entire Internet"),
                rule(22, 22, "198.51.100.2/32", ""),
                rule(22, 22, "sg-2", OURS),
                new IngressRule("-1", 0, 65535, "0.0.0.0/0", "")));
    assertThat(changes(Blueprint.LINUX)).isEmpty();
  }

  @Test
  void anAddressThatIsInByAnothersRuleIsSharedOrTheOtherWouldTakeItAway() {
    groups = linux(rule(22, 22, "203.0.113.7/32", "hgauto bob@desk"));
    assertThat(changes(Blueprint.LINUX))
        .containsExactly(
            "mend security group sg-1 in us-west-2 (hg-linux-dev-1: SSH from 203.0.113.7/32, which"
                + " now stays for ann@laptop, too)");
  }

  @Test
  void aSharedRuleOfAnotherTimeStaysForTheOthers() {
    groups = linux(ADMITTED, rule(22, 22, "198.51.100.1/32", "hgauto ann@laptop bob@desk"));
    assertThat(changes(Blueprint.LINUX))
        .containsExactly(
            "mend security group sg-1 in us-west-2 (hg-linux-dev-1: port 22 from 198.51.100.1/32,"
                + " which stays for others only)");
  }

  @Test
  void whereNobodyTakesTheRuleAwayItIsLeftAsItIs() {
    for (String description :
        List.of("hgauto ann@laptop bob@desk", "hgauto bob@desk *", "office", "")) {
      groups = linux(rule(22, 22, "203.0.113.7/32", description));
      assertThat(changes(Blueprint.LINUX)).describedAs(description).isEmpty();
    }
  }

  @Test
  void anotherPortFromTheSameAddressWillNotDo() {
    groups =
        List.of(group("sg-1", "hg-linux-dev-1", "vpc-1", rule(80, 80, "203.0.113.7/32", "web")));
    assertThat(changes(Blueprint.LINUX))
        .containsExactly(
            "open security group sg-1 in us-west-2 (hg-linux-dev-1: SSH from 203.0.113.7/32)");
  }

  @Test
  void whatAutomationPyOpenedToTheWorldIsClosed() {
    groups =
        List.of(
            group(
                "sg-1",
                "hg-windows-dev-1",
                "vpc-1",
                ADMITTED,
                OPEN,
                rule(3389, 3389, "0.0.0.0/0", "RDP from entire Internet"),
                rule(5985, 5986, "0.0.0.0/0", "PowerShell Remoting (Windows Remote Management)")));
    role = Optional.of(role(ACCESS.trust(), Map.of("hgauto-ssm-agent", ACCESS.policy())));
    profile = Optional.of(profile("hg-ephemeral-ec2-role-1"));
    assertThat(changes(Blueprint.WINDOWS))
        .containsExactly(closed("port 22"), closed("port 3389"), closed("ports 5985 to 5986"));
  }

  @Test
  void theWorldStaysInIfWeAreToldSo() {
    groups = linux(OPEN);
    from = ranges("0.0.0.0/0");
    assertThat(changes(Blueprint.LINUX))
        .containsExactly(
            "mend security group sg-1 in us-west-2 (hg-linux-dev-1: SSH from 0.0.0.0/0, which now"
                + " stays for ann@laptop, too)");
  }

  @Test
  void severalRangesMayBeWantedAndAreComparedAsRanges() {
    groups = List.of(group("sg-1", "hg-linux-dev-1", "vpc-1", rule(22, 22, "2001:db8::/64", OURS)));
    from = ranges("2001:db8:0:0::1/64", "10.1.2.3/8");
    assertThat(changes(Blueprint.LINUX))
        .containsExactly(
            "open security group sg-1 in us-west-2 (hg-linux-dev-1: SSH from 10.0.0.0/8)");
  }

  @Test
  void theRoleOfAutomationPyIsMended() {
    groups = List.of(group("sg-1", "hg-windows-dev-1", "vpc-1", ADMITTED));
    role =
        Optional.of(
            new Role(
                "hg-ephemeral-ec2-role-1",
                Ownership.LEGACY,
                Instant.EPOCH,
                ACCESS.trust().replace("\n", ""),
                List.of(FORMER),
                Map.of()));
    profile = Optional.of(profile("hg-ephemeral-ec2-role-1"));
    assertThat(changes(Blueprint.WINDOWS))
        .containsExactly(
            "mend role hg-ephemeral-ec2-role-1 (set policy hgauto-ssm-agent, which is what the"
                + " agent of Systems Manager needs)",
            "mend role hg-ephemeral-ec2-role-1 (detach policy "
                + FORMER
                + ", which allows more than machines need)");
  }

  @Test
  void aRoleWithPoliciesOfOthersIsRefusedAndTheyAreNamed() {
    groups = List.of(group("sg-1", "hg-windows-dev-1", "vpc-1", ADMITTED));
    role =
        Optional.of(
            new Role(
                "hg-ephemeral-ec2-role-1",
                Ownership.LEGACY,
                Instant.EPOCH,
                ACCESS.trust(),
                List.of(FORMER, "arn:aws:iam::aws:policy/AdministratorAccess"),
                Map.of("hgauto-ssm-agent", ACCESS.policy(), "bobs", "{}")));
    assertThatThrownBy(() -> plan(Blueprint.WINDOWS))
        .isInstanceOfSatisfying(
            EnvironmentException.class,
            refused -> {
              assertThat(refused.why())
                  .endsWith(": arn:aws:iam::aws:policy/AdministratorAccess, bobs");
              assertThat(refused.next())
                  .endsWith(
                      ": aws iam detach-role-policy --role-name hg-ephemeral-ec2-role-1"
                          + " --policy-arn arn:aws:iam::aws:policy/AdministratorAccess; aws iam"
                          + " delete-role-policy --role-name hg-ephemeral-ec2-role-1 --policy-name"
                          + " bobs");
            });
    assertThat(changes(Blueprint.LINUX)).isNotEmpty();
  }

  @Test
  void aRoleThatOthersMayTakeIsMended() {
    groups = List.of(group("sg-1", "hg-windows-dev-1", "vpc-1", ADMITTED));
    role =
        Optional.of(
            role(
                ACCESS.trust().replace("ec2.amazonaws.com", "lambda.amazonaws.com"),
                Map.of("hgauto-ssm-agent", ACCESS.policy().replace("ssm:GetManifest", "ssm:*"))));
    profile = Optional.of(profile("hg-ephemeral-ec2-role-1"));
    assertThat(changes(Blueprint.WINDOWS))
        .satisfiesExactly(
            trust -> assertThat(trust).contains("let EC2 alone give it to machines"),
            policy -> assertThat(policy).contains("set policy hgauto-ssm-agent"));
  }

  @Test
  void aProfileWithAnotherRoleGetsOurs() {
    groups = List.of(group("sg-1", "hg-windows-dev-1", "vpc-1", ADMITTED));
    role = Optional.of(role(ACCESS.trust(), Map.of("hgauto-ssm-agent", ACCESS.policy())));
    profile = Optional.of(profile("admin"));
    assertThat(changes(Blueprint.WINDOWS))
        .containsExactly(
            "mend instance profile hg-ephemeral-ec2-1 (put role hg-ephemeral-ec2-role-1 into it"
                + " instead of role admin)");
  }

  private static List<SecurityGroup> linux(IngressRule... rules) {
    return List.of(group("sg-1", "hg-linux-dev-1", "vpc-1", rules));
  }

  private EnsurePlan plan(Blueprint blueprint) {
    return EnsurePlan.of(
        new Inventory(
            REGION, List.of(), List.of(), List.of(), List.of(), keyPairs, groups, profile, role),
        new Need(blueprint, "ann@laptop", KEY, from, "vpc-1"));
  }

  private List<String> changes(Blueprint blueprint) {
    return plan(blueprint).plan().changes().stream().map(Change::toString).toList();
  }

  private static String closed(String ports) {
    return "close security group sg-1 in us-west-2 (hg-windows-dev-1: "
        + ports
        + " from 0.0.0.0/0, which automation.py opened to the world)";
  }

  private static Set<Cidr> ranges(String... texts) {
    return Arrays.stream(texts)
        .map(text -> Cidr.of(text).orElseThrow())
        .collect(Collectors.toSet());
  }

  private static String ourFingerprint() {
    return KeyFingerprints.of(KEY).iterator().next();
  }

  private static KeyPair keyPair(String name, String fingerprint) {
    return new KeyPair(REGION, "key-1", name, Ownership.LEGACY, fingerprint, Optional.empty());
  }

  private static SecurityGroup group(String id, String name, String vpc, IngressRule... rules) {
    return new SecurityGroup(REGION, id, name, Ownership.LEGACY, vpc, List.of(rules));
  }

  private static IngressRule rule(int fromPort, int toPort, String cidr, String description) {
    return new IngressRule("tcp", fromPort, toPort, cidr, description);
  }

  private static Role role(String trust, Map<String, String> inline) {
    return new Role(
        "hg-ephemeral-ec2-role-1", Ownership.LEGACY, Instant.EPOCH, trust, List.of(), inline);
  }

  private static InstanceProfile profile(String role) {
    return new InstanceProfile(
        "hg-ephemeral-ec2-1",
        "arn:aws:iam::123456789012:instance-profile/hg-ephemeral-ec2-1",
        Ownership.LEGACY,
        Instant.EPOCH,
        List.of(role));
  }
}
