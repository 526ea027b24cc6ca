package hgauto.aws.ensure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.aws.inventory.SecurityGroup.IngressRule;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class BlueprintTest {
  @Test
  void theRoleHasOnlyWhatTheAgentOfSystemsManagerNeeds() {
    Blueprint.Access access = Blueprint.WINDOWS.access().orElseThrow();
    assertThat(allowed(access.policy()))
        .contains("ssm:UpdateInstanceInformation", "ssmmessages:OpenDataChannel")
        .contains("ec2messages:GetMessages", "ssm:GetDocument")
        .allSatisfy(action -> assertThat(action).matches("(ssm|ssmmessages|ec2messages):[A-Za-z]+"))
        .noneSatisfy(action -> assertThat(action).startsWith("ssm:GetParameter"))
        .noneSatisfy(action -> assertThat(action).startsWith("ssm:SendCommand"));
    assertThat(access.trust()).contains("ec2.amazonaws.com");
  }

  @Test
  void linuxMachinesHaveNoRole() {
    assertThat(Blueprint.LINUX.access()).isEmpty();
  }

  @Test
  void descriptionsHaveOnlyTheCharactersThatEc2Takes() {
    assertThat(
            Stream.of(
                Blueprint.LINUX.group().description(),
                Blueprint.WINDOWS.group().description(),
                IngressRule.descriptionOf(
                    Set.of(IngressRule.nameOf("José \"Pepe\" O'Neill@laptop.example")))))
        .allSatisfy(
            text -> assertThat(text).matches("[a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}"));
  }

  @Test
  void documentsAreComparedAsJson() {
    assertThat(Blueprint.Access.same("{\"a\": 1,\n \"b\": [2]}", "{\"b\":[2],\"a\":1}")).isTrue();
    assertThat(Blueprint.Access.same("{\"a\":1}", "{\"a\":2}")).isFalse();
  }

  private static Stream<String> allowed(String policy) {
    JsonObject statement =
        JsonParser.parseString(policy)
            .getAsJsonObject()
            .getAsJsonArray("Statement")
            .get(0)
            .getAsJsonObject();
    return StreamSupport.stream(statement.getAsJsonArray("Action").spliterator(), false)
        .map(JsonElement::getAsString);
  }
}
