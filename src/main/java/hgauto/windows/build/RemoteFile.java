package hgauto.windows.build;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.error.EnvironmentException;

/**
 * A file on a machine, as the script that has made it tells of it.
 *
 * @param name without its folder
 * @param size in bytes
 * @param sha256 64 hexadecimal digits, lower case
 */
public record RemoteFile(String name, long size, String sha256) {
  /** Begins the line that tells of one; a JSON object follows. */
  static final String LINE = "made: ";

  /**
   * Reads such a line.
   *
   * @throws EnvironmentException if it is something else
   */
  static RemoteFile parse(String line) {
    try {
      JsonObject file = JsonParser.parseString(line.substring(LINE.length())).getAsJsonObject();
      return new RemoteFile(
          file.get("name").getAsString(),
          file.get("size").getAsLong(),
          file.get("sha256").getAsString());
    } catch (RuntimeException e) { // Gson has one for each way to be wrong
      throw new EnvironmentException(
          "cannot tell which packages there are", "the build has printed \"" + line + "\"", "", e);
    }
  }
}
