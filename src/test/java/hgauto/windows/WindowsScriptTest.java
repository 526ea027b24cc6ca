package hgauto.windows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.testbed.windows.PowerShellGrammar;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No Windows runs here: scripts are only parsed, by a grammar of PowerShell. */
class WindowsScriptTest {
  private static final String PROLOGUE = "prologue.ps1";

  static Stream<String> names() throws IOException, URISyntaxException {
    Path resources = Path.of(WindowsScript.class.getResource(PROLOGUE).toURI()).getParent();
    try (Stream<Path> files = Files.list(resources)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".ps1"))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static String own(String name) throws IOException {
    try (InputStream file = WindowsScript.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }

  private static JsonObject values(String value) {
    JsonObject values = new JsonObject();
    values.addProperty("value", value);
    return values;
  }

  private static String file(WindowsScript script) {
    return new String(script.file(values("'\"$x")), UTF_8);
  }

  @ParameterizedTest
  @MethodSource("names")
  void itIsPowerShell(String name) throws IOException {
    assertThat(PowerShellGrammar.fault(own(name))).isEmpty();
    assertThat(PowerShellGrammar.fault(file(WindowsScript.named(name)))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aPlantedErrorIsCaught(String name) throws IOException {
    String script = file(WindowsScript.named(name));
    int body = script.indexOf(own(name)) + own(name).indexOf('\n') + 1;
    String planted = script.substring(0, body) + "if (1 -eq 2 {\n" + script.substring(body);
    assertThat(PowerShellGrammar.fault(planted).orElseThrow()).startsWith("line ");
  }

  /** Without a byte order mark PowerShell 5.1 takes a file for one in the machine's code page. */
  @ParameterizedTest
  @MethodSource("names")
  void itIsAscii(String name) throws IOException {
    assertThat(own(name)).matches("[\\x20-\\x7e\n]*");
  }

  @ParameterizedTest
  @MethodSource("names")
  void itBeginsWithWhatItIs(String name) throws IOException {
    assertThat(own(name)).startsWith("# " + name + ": ").endsWith("\n");
  }

  /** Systems Manager's agent restarts the machine after a script that ends with 3010. */
  @ParameterizedTest
  @MethodSource("names")
  void onlyThePrologueSaysExit(String name) throws IOException {
    boolean exits = Pattern.compile("(?mi)(^|[;{])\\s*exit\\b(?!-)").matcher(own(name)).find();
    assertThat(exits).isEqualTo(name.equals(PROLOGUE));
  }

  /** PowerShell itself passes over it. */
  @ParameterizedTest
  @MethodSource("names")
  void noProgramFailsUnseen(String name) throws IOException {
    assertThat(PowerShellGrammar.unchecked(own(name))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "& $python -m pip wheel .",
        "if ($true) { & $hg purge }",
        "hg.cmd update",
        "& \"$hgdev\\hg.exe\" id | Out-Null",
        "foreach ($line in & cmd.exe /c set) { $line }",
        "$id = hg.exe id",
        ". $script",
      })
  void oneThatIsPlantedIsCaught(String call) {
    assertThat(PowerShellGrammar.unchecked(call).orElseThrow()).startsWith("line 1: ");
  }

  @Test
  void oneThatIsLookedAtIsNot() {
    assertThat(PowerShellGrammar.unchecked("& $hg id # why\nif ($LASTEXITCODE) { throw }"))
        .isEmpty();
  }

  /** A request whose answer is lost is made again; these would fail the second time, or do harm. */
  @ParameterizedTest
  @ValueSource(strings = {"enable-openssh.ps1", "start-run.ps1"})
  void whatMustNotBeDoneTwiceAtOnceIsDoneAlone(String name) throws IOException {
    assertThat(own(name).lines().filter(line -> !line.startsWith("#")).findFirst())
        .contains("$alone = Enter-Alone 'hgauto-" + name.replace(".ps1", "") + "'");
  }

  /** In the machine's code page, which has no letter for some bytes, hg refuses patches. */
  @ParameterizedTest
  @ValueSource(strings = {"prepare-tests.ps1", "packages.ps1"})
  void hgReadsNamesAsTheyWereWritten(String name) throws IOException {
    String beforeHgRuns = own(name).substring(0, own(name).indexOf("Invoke-Native $hg"));
    assertThat(beforeHgRuns)
        .contains("$env:HGENCODING = 'utf-8'\n", "$env:HGPLAIN = '1'\n", "$env:HGRCPATH = 'NUL'");
  }

  @Test
  void itsValuesAreItsArgumentAndNowhereInItsText() {
    WindowsScript script = WindowsScript.named("start-run.ps1");
    String value = "a'b\n} ; \u00e9";
    String file = new String(script.file(values(value)), UTF_8);
    assertThat(file).startsWith("& {\n" + script.text()).doesNotContain("a'b");
    List<String> lines = file.lines().toList();
    String last = lines.get(lines.size() - 1);
    assertThat(last).startsWith("} '").endsWith("'");
    byte[] json = Base64.getDecoder().decode(last.substring(3, last.length() - 1));
    assertThat(JsonParser.parseString(new String(json, UTF_8))).isEqualTo(values(value));
  }
}
