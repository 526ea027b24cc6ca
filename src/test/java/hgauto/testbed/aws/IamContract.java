package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;

/** What production code relies on about roles and instance profiles. */
interface IamContract extends AccountUnderTest {
  String TRUST =
      """
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "ec2.amazonaws.com"}}]}
      """;

  String POLICY =
      """
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*",
        "Action": ["ssm:UpdateInstanceInformation", "ec2messages:*"]}]}
      """;

  String OLD =
      """
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": "*"}]}
      """;

  String MANAGED = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

  /** Makes the role hg-r, and with it the profile hg-p. */
  static void makeProfile(IamClient iam) {
    makeRole(iam);
    iam.createInstanceProfile(r -> r.instanceProfileName("hg-p"));
    iam.addRoleToInstanceProfile(r -> r.instanceProfileName("hg-p").roleName("hg-r"));
  }

  private static void makeRole(IamClient iam) {
    iam.createRole(
        r ->
            r.roleName("hg-r")
                .assumeRolePolicyDocument(TRUST)
                .description("d")
                .tags(Tag.builder().key("k").value("v").build()));
  }

  private static String decoded(String document) {
    assertThat(document).startsWith("%7B");
    return URLDecoder.decode(document, StandardCharsets.UTF_8);
  }

  @Test
  default void roleIsAsItWasMade() {
    makeRole(iam());
    Role role = iam().getRole(r -> r.roleName("hg-r")).role();
    assertThat(role.arn()).endsWith(":role/hg-r").contains(account().caller().account());
    assertThat(role.description()).isEqualTo("d");
    assertThat(role.createDate()).isNotNull();
    assertThat(role.tags()).containsExactly(Tag.builder().key("k").value("v").build());
    assertThat(decoded(role.assumeRolePolicyDocument())).isEqualToIgnoringWhitespace(TRUST);
    assertRefused("EntityAlreadyExists", () -> makeRole(iam()));
  }

  @Test
  default void trustIsReplaced() {
    makeRole(iam());
    String other = TRUST.replace("ec2.", "lambda.");
    iam().updateAssumeRolePolicy(r -> r.roleName("hg-r").policyDocument(other));
    Role role = iam().getRole(r -> r.roleName("hg-r")).role();
    assertThat(decoded(role.assumeRolePolicyDocument())).isEqualToIgnoringWhitespace(other);
    assertRefused(
        "NoSuchEntity",
        () -> iam().updateAssumeRolePolicy(r -> r.roleName("x").policyDocument(TRUST)));
  }

  @Test
  default void whatIsNotThereIsNoSuchEntity() {
    String code = "NoSuchEntity";
    assertRefused(code, () -> iam().getRole(r -> r.roleName("x")));
    assertRefused(code, () -> iam().deleteRole(r -> r.roleName("x")));
    assertRefused(code, () -> iam().listAttachedRolePolicies(r -> r.roleName("x")));
    assertRefused(code, () -> iam().attachRolePolicy(r -> r.roleName("x").policyArn(MANAGED)));
    assertRefused(
        code,
        () -> iam().putRolePolicy(r -> r.roleName("x").policyName("p").policyDocument(POLICY)));
    assertRefused(code, () -> iam().listRolePolicies(r -> r.roleName("x")));
    assertRefused(code, () -> iam().getInstanceProfile(r -> r.instanceProfileName("x")));
    assertRefused(code, () -> iam().deleteInstanceProfile(r -> r.instanceProfileName("x")));
    assertRefused(
        code,
        () -> iam().addRoleToInstanceProfile(r -> r.instanceProfileName("x").roleName("hg-r")));
    makeRole(iam());
    assertRefused(code, () -> iam().detachRolePolicy(r -> r.roleName("hg-r").policyArn(MANAGED)));
    assertRefused(code, () -> iam().getRolePolicy(r -> r.roleName("hg-r").policyName("p")));
    assertRefused(code, () -> iam().deleteRolePolicy(r -> r.roleName("hg-r").policyName("p")));
    assertRefused(
        code,
        () ->
            iam()
                .attachRolePolicy(
                    r -> r.roleName("hg-r").policyArn("arn:aws:iam::123456789012:policy/x")));
  }

  @Test
  default void roleWithPoliciesIsNotDeleted() {
    makeRole(iam());
    iam().attachRolePolicy(r -> r.roleName("hg-r").policyArn(MANAGED));
    assertThat(iam().listAttachedRolePolicies(r -> r.roleName("hg-r")).attachedPolicies())
        .containsExactly(
            AttachedPolicy.builder()
                .policyArn(MANAGED)
                .policyName("AmazonSSMManagedInstanceCore")
                .build());
    assertRefused("DeleteConflict", () -> iam().deleteRole(r -> r.roleName("hg-r")));
    iam().detachRolePolicy(r -> r.roleName("hg-r").policyArn(MANAGED));
    iam().putRolePolicy(r -> r.roleName("hg-r").policyName("p").policyDocument(POLICY));
    assertRefused("DeleteConflict", () -> iam().deleteRole(r -> r.roleName("hg-r")));
    iam().deleteRolePolicy(r -> r.roleName("hg-r").policyName("p"));
    iam().deleteRole(r -> r.roleName("hg-r"));
    assertRefused("NoSuchEntity", () -> iam().getRole(r -> r.roleName("hg-r")));
  }

  @Test
  default void inlinePolicyIsReplaced() {
    makeRole(iam());
    iam().putRolePolicy(r -> r.roleName("hg-r").policyName("p").policyDocument(OLD));
    iam().putRolePolicy(r -> r.roleName("hg-r").policyName("p").policyDocument(POLICY));
    assertThat(iam().listRolePolicies(r -> r.roleName("hg-r")).policyNames()).containsExactly("p");
    assertThat(
            decoded(iam().getRolePolicy(r -> r.roleName("hg-r").policyName("p")).policyDocument()))
        .isEqualToIgnoringWhitespace(POLICY);
    assertRefused(
        "MalformedPolicyDocument",
        () -> iam().putRolePolicy(r -> r.roleName("hg-r").policyName("p").policyDocument("junk")));
  }

  @Test
  default void profileHasOneRole() {
    makeProfile(iam());
    InstanceProfile profile =
        iam().getInstanceProfile(r -> r.instanceProfileName("hg-p")).instanceProfile();
    assertThat(profile.arn()).endsWith(":instance-profile/hg-p");
    assertThat(profile.roles()).extracting(Role::roleName).containsExactly("hg-r");
    assertRefused(
        "EntityAlreadyExists",
        () -> iam().createInstanceProfile(r -> r.instanceProfileName("hg-p")));
    assertRefused(
        "LimitExceeded",
        () -> iam().addRoleToInstanceProfile(r -> r.instanceProfileName("hg-p").roleName("hg-r")));
    assertThat(iam().listInstanceProfilesForRole(r -> r.roleName("hg-r")).instanceProfiles())
        .extracting(InstanceProfile::instanceProfileName)
        .containsExactly("hg-p");
  }

  @Test
  default void profileAndRoleGoInOrder() {
    makeProfile(iam());
    assertRefused("DeleteConflict", () -> iam().deleteRole(r -> r.roleName("hg-r")));
    assertRefused(
        "DeleteConflict", () -> iam().deleteInstanceProfile(r -> r.instanceProfileName("hg-p")));
    iam().removeRoleFromInstanceProfile(r -> r.instanceProfileName("hg-p").roleName("hg-r"));
    assertRefused(
        "NoSuchEntity",
        () ->
            iam()
                .removeRoleFromInstanceProfile(
                    r -> r.instanceProfileName("hg-p").roleName("hg-r")));
    iam().deleteInstanceProfile(r -> r.instanceProfileName("hg-p"));
    iam().deleteRole(r -> r.roleName("hg-r"));
    assertRefused(
        "NoSuchEntity", () -> iam().getInstanceProfile(r -> r.instanceProfileName("hg-p")));
  }
}
