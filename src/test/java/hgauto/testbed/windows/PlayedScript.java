package hgauto.testbed.windows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script of ours as it reaches a machine.
 *
 * @param name as its first line, after the prologue and functions, says it: {@code restart.ps1}
 * @param values that it is given
 */
record PlayedScript(String name, JsonObject values) {
  /** A block that is called with Base64 of JSON. */
  private static final Pattern FORM = Pattern.compile("(?s)(& \\{\n.*\\} )'([A-Za-z0-9+/=]+)'\\s*");

  private static final Pattern NAME = Pattern.compile("(?m)^# ([a-z-]+\\.ps1): ");
  private static final String PROLOGUE = "prologue.ps1";

  /** It is none of ours, or no PowerShell; the message says what a person needs to mend it. */
  static final class NoScriptException extends Exception {
    private static final long serialVersionUID = 1;

    NoScriptException(String message) {
      super(message);
    }
  }

  /** Reads it. All but the values is parsed as PowerShell. */
  static PlayedScript read(String text) throws NoScriptException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new NoScriptException("not a block that is called with Base64:\n" + text);
    }
    Optional<String> fault = PowerShellGrammar.fault(form.group(1) + "''\n");
    if (fault.isPresent()) {
      throw new NoScriptException("ParserError: " + fault.get());
    }
    String name =
        NAME.matcher(form.group(1))
            .results()
            .map(found -> found.group(1))
            .filter(found -> !found.equals(PROLOGUE))
            .reduce((functions, own) -> own)
            .orElseThrow(() -> new NoScriptException("no line tells the script's name:\n" + text));
    byte[] json = Base64.getDecoder().decode(form.group(2));
    return new PlayedScript(
        name, JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject());
  }
}
