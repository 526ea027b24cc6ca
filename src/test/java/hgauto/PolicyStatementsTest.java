package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the policies in docs/aws-permissions.md say what AWS needs, and no more. */
class PolicyStatementsTest {
  @Test
  void everyPolicyIsWholeAndTheWidestOnesAreNarrow() throws IOException {
    for (JsonObject statement : PermissionsPage.policies("")) {
      assertThat(statement.get("Sid").getAsString()).matches("[A-Za-z0-9]+");
      assertThat(statement.get("Effect").getAsString()).isEqualTo("Allow");
      List<String> resources = PermissionsPage.strings(statement.get("Resource"));
      for (String action : PermissionsPage.strings(statement.get("Action"))) {
        assertThat(action).matches("[a-z0-9]+:[A-Z][A-Za-z]+");
        if (action.startsWith("iam:")) {
          assertThat(resources)
              .singleElement()
              .asString()
              .matches(
                  "arn:aws:iam::\\*:(role/hg-ephemeral-ec2-role-1|instance-profile/hg-.*-1"
                      + "|role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot)");
        } else if (!isUnlimited(action)) {
          assertThat(resources).doesNotContain("*");
        }
      }
      if (PermissionsPage.strings(statement.get("Action")).contains("ec2:TerminateInstances")
          || PermissionsPage.strings(statement.get("Action")).contains("ec2:CreateTags")) {
        assertThat(statement.has("Condition")).isTrue();
      }
    }
  }

  /**
   * What a statement must name for AWS to allow the action: every type of resource that AWS looks
   * at in the requests that we make, by its service authorization reference.
   */
  private static final Map<String, Set<String>> NEEDED =
      Map.ofEntries(
          needs("ec2:AuthorizeSecurityGroupIngress", "security-group"),
          needs("ec2:CreateImage", "image", "instance", "snapshot"),
          needs("ec2:CreateSecurityGroup", "security-group", "vpc"),
          needs("ec2:CreateTags", "*"),
          needs("ec2:DeleteKeyPair", "key-pair"),
          needs("ec2:DeleteSecurityGroup", "security-group"),
          needs("ec2:DeleteSnapshot", "snapshot"),
          needs("ec2:DeleteVolume", "volume"),
          needs("ec2:DeregisterImage", "image"),
          needs("ec2:ImportKeyPair", "key-pair"),
          needs("ec2:ModifyInstanceMetadataOptions", "instance"),
          needs("ec2:RevokeSecurityGroupIngress", "security-group"),
          needs(
              "ec2:RunInstances",
              "image",
              "instance",
              "key-pair",
              "network-interface",
              "security-group",
              "snapshot",
              "spot-instances-request",
              "subnet",
              "volume"),
          needs("ec2:TerminateInstances", "instance"),
          needs("ec2:UpdateSecurityGroupRuleDescriptionsIngress", "security-group"),
          needs("iam:AddRoleToInstanceProfile", "instance-profile"),
          needs("iam:CreateInstanceProfile", "instance-profile"),
          needs("iam:CreateRole", "role"),
          needs("iam:CreateServiceLinkedRole", "role"),
          needs("iam:DeleteInstanceProfile", "instance-profile"),
          needs("iam:DeleteRole", "role"),
          needs("iam:DeleteRolePolicy", "role"),
          needs("iam:DetachRolePolicy", "role"),
          needs("iam:GetInstanceProfile", "instance-profile"),
          needs("iam:GetRole", "role"),
          needs("iam:GetRolePolicy", "role"),
          needs("iam:ListAttachedRolePolicies", "role"),
          needs("iam:ListInstanceProfilesForRole", "role"),
          needs("iam:ListRolePolicies", "role"),
          needs("iam:PassRole", "role"),
          needs("iam:PutRolePolicy", "role"),
          needs("iam:RemoveRoleFromInstanceProfile", "instance-profile"),
          needs("iam:TagInstanceProfile", "instance-profile"),
          needs("iam:TagRole", "role"),
          needs("iam:UpdateAssumeRolePolicy", "role"),
          needs("lambda:InvokeFunction", "function"),
          needs("ssm:GetParameters", "parameter"),
          needs("ssm:SendCommand", "document", "instance"));

  /** By the same reference AWS looks at no resource for these. */
  private static boolean isUnlimited(String action) {
    return action.startsWith("ec2:Describe")
        || Set.of(
                "ssm:CancelCommand", "ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation")
            .contains(action);
  }

  private static Map.Entry<String, Set<String>> needs(String action, String... types) {
    return Map.entry(action, Set.of(types));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "hgauto try",
        "hgauto list-ec2-resources",
        "hgauto terminate-ec2-instances",
        "hgauto purge-ec2-resources",
        "Ensuring Linux machines",
        "Ensuring Windows machines",
        "Launching machines",
        "Running scripts on Windows machines",
        "Finding and making images"
      })
  void everyActionIsAllowedOnAllThatItTouches(String section) throws IOException {
    Map<String, Set<String>> allowed = new TreeMap<>();
    for (JsonObject statement : PermissionsPage.policies(section)) {
      for (String action : PermissionsPage.strings(statement.get("Action"))) {
        if (!isUnlimited(action)) {
          PermissionsPage.strings(statement.get("Resource"))
              .forEach(
                  arn ->
                      allowed
                          .computeIfAbsent(action, it -> new TreeSet<>())
                          .add(arn.split(":", 6)[5].split("[:/]", 2)[0]));
        }
      }
    }
    assertThat(NEEDED).containsKeys(allowed.keySet().toArray(String[]::new));
    assertThat(allowed)
        .allSatisfy((action, types) -> assertThat(types).containsAll(NEEDED.get(action)));
  }

  /** A name in the place of any other * would shut people out of what they share. */
  @Test
  void thePageNamesTheStatementsThatMayLimitAPersonToTheirOwn() throws IOException {
    Set<String> limitable = new TreeSet<>();
    for (JsonObject statement : PermissionsPage.policies("")) {
      JsonElement condition = statement.get("Condition");
      if (condition != null && condition.toString().contains("hgauto:owner\":\"*\"")) {
        limitable.add(statement.get("Sid").getAsString());
      }
    }
    String words = PermissionsPage.text().replaceAll("\\s+", " ");
    String list = words.substring(words.indexOf("in the statements"), words.indexOf(", and give"));
    Set<String> named = new TreeSet<>();
    Pattern.compile("`(\\w+)`").matcher(list).results().forEach(it -> named.add(it.group(1)));
    limitable.removeAll(Set.of("SayWhoMayConnect", "RemoveOurKeyPairsById"));
    assertThat(named).isEqualTo(limitable);
  }
}
