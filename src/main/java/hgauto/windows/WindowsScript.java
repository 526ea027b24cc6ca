package hgauto.windows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.google.gson.JsonObject;
import hgauto.aws.ssm.PowerShellCommand;
import hgauto.resource.Resource;
import java.util.Arrays;

/**
 * A script for Windows PowerShell 5.1, from among our resources. It begins with {@code
 * prologue.ps1}: an error ends it with 1, programs that fail are errors, and its values are in
 * {@code $Parameters}.
 *
 * @param name such as {@code build-wheel.ps1}
 * @param text with the prologue, in ASCII; it takes one argument, which is Base64 of JSON in UTF-8
 */
public record WindowsScript(String name, String text) {
  /**
   * The one of that name.
   *
   * @param functions files with functions that it calls, such as {@code packages.ps1}
   */
  public static WindowsScript named(String name, String... functions) {
    String called = Arrays.stream(functions).map(WindowsScript::resource).collect(joining());
    return new WindowsScript(name, resource("prologue.ps1") + called + resource(name));
  }

  /** For Systems Manager, which runs it as SYSTEM. */
  PowerShellCommand command(JsonObject values) {
    return PowerShellCommand.of(name, text, values);
  }

  /** The content of a file that runs it with these values, however large they are. */
  byte[] file(JsonObject values) {
    return PowerShellCommand.call(text, values).getBytes(UTF_8);
  }

  private static String resource(String name) {
    return Resource.text(WindowsScript.class, name);
  }
}
