package hgauto.aws.ssm;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A script for Windows PowerShell, with the values that it is to work with. */
public final class PowerShellCommand {
  /**
   * A document of Systems Manager has 64 KiB at most (MaxDocumentSizeExceeded), and what is sent
   * becomes a part of one. How much is left for it is not documented; AWS's own part has 2 KiB.
   */
  private static final int LARGEST = 60 * 1024;

  /** The longest comment of a command. */
  private static final int LONGEST_NAME = 100;

  private final String name;
  private final String text;

  private PowerShellCommand(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /**
   * The script, {@link #call called} with the values.
   *
   * @param name for people; Systems Manager shows it as the command's comment
   * @param script without a {@code param} block; its {@code exit N} ends the command with N
   * @throws IllegalArgumentException if it is larger than Systems Manager takes; such a script has
   *     to be sent as a file, and called by a small one
   */
  public static PowerShellCommand of(String name, String script, JsonObject values) {
    String text = call(script, values);
    int size = new JsonPrimitive(text).toString().getBytes(StandardCharsets.UTF_8).length;
    if (size > LARGEST || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          name
              + " has "
              + size
              + " bytes for Systems Manager, which takes "
              + LARGEST
              + ", with a name of at most "
              + LONGEST_NAME
              + " characters; send the script as a file");
    }
    return new PowerShellCommand(name, text);
  }

  /**
   * What PowerShell runs to call a script with the values as its one argument: {@code $args[0]} is
   * Base64 of JSON in UTF-8. So no value is ever a part of the script's text.
   */
  public static String call(String script, JsonObject values) {
    byte[] json = values.toString().getBytes(StandardCharsets.UTF_8);
    return "& {\n" + script + "\n} '" + Base64.getEncoder().encodeToString(json) + "'\n";
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** What PowerShell runs. */
  String text() {
    return text;
  }
}
