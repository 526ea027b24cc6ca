package hgauto.aws.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PowerShellCommandTest {
  private static JsonObject values(String value) {
    JsonObject values = new JsonObject();
    values.addProperty("value", value);
    return values;
  }

  @Test
  void valuesAreTheArgumentOfTheScript() {
    assertThat(PowerShellCommand.of("say", "$args[0]\n'two'\n", new JsonObject()).text())
        .isEqualTo("& {\n$args[0]\n'two'\n\n} 'e30='\n");
  }

  @Test
  void aValueIsNowhereInTheText() {
    String evil = "'; Remove-Item C:\\ #\n\"$(1) é";
    JsonObject values = values(evil);
    values.add("none", JsonNull.INSTANCE);
    String text = PowerShellCommand.of("say", "1", values).text();
    String argument = text.replaceAll("(?s)& \\{\n1\n\\} '([A-Za-z0-9+/=]+)'\n", "$1");
    assertThat(
            JsonParser.parseString(
                new String(Base64.getDecoder().decode(argument), StandardCharsets.UTF_8)))
        .isEqualTo(values);
  }

  @Test
  void whatSystemsManagerWouldNotTakeIsRefused() {
    String largest = "x".repeat(61_000);
    assertThat(PowerShellCommand.of("say", largest, new JsonObject()).text()).contains(largest);
    assertThatThrownBy(() -> PowerShellCommand.of("say", "x".repeat(61_440), new JsonObject()))
        .hasMessageContaining("say has 614")
        .hasMessageEndingWith("send the script as a file");
    assertThatThrownBy(() -> PowerShellCommand.of("say", "1", values("x".repeat(47_000))))
        .hasMessageContaining("send the script as a file");
    assertThatThrownBy(() -> PowerShellCommand.of("say", "é".repeat(31_000), new JsonObject()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PowerShellCommand.of("x".repeat(101), "1", new JsonObject()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
