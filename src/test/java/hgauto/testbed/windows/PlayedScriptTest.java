package hgauto.testbed.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PlayedScriptTest {
  private static String text(String script, String json) {
    byte[] values = json.getBytes(StandardCharsets.UTF_8);
    return "& {\n" + script + "\n} '" + Base64.getEncoder().encodeToString(values) + "'\n";
  }

  @Test
  void itsNameIsThatAfterThePrologueAndItsValuesAreDecoded() throws Exception {
    JsonObject values = new JsonObject();
    values.addProperty("key", "é '\"$x");
    String script = "# prologue.ps1: what all have\n1\n# say-it.ps1: says it\n'it'";
    assertThat(PlayedScript.read(text(script, values.toString())))
        .isEqualTo(new PlayedScript("say-it.ps1", values));
  }

  @Test
  void whatIsNoPowerShellIsToldWithItsLine() {
    assertThatThrownBy(() -> PlayedScript.read(text("# say.ps1: it\nif (1) {", "{}")))
        .isInstanceOf(PlayedScript.NoScriptException.class)
        .hasMessageContaining("ParserError");
    assertThat(PowerShellGrammar.fault("if (1) {")).isPresent();
    assertThat(PowerShellGrammar.fault("if (1) { 'é' }")).isEmpty();
  }

  @Test
  void whatIsNotInOurFormIsToldSo() {
    for (String text : new String[] {"# say.ps1: it\n'it'\n", text("'it'", "{}"), ""}) {
      assertThatThrownBy(() -> PlayedScript.read(text))
          .isInstanceOf(PlayedScript.NoScriptException.class);
    }
  }
}
