package hgauto.windows.build;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.error.EnvironmentException;
import java.time.Instant;
import java.util.List;

/**
 * A file on a machine, as {@code list-packages.ps1} tells of it.
 *
 * @param name without its folder
 * @param size in bytes
 * @param sha256 64 hexadecimal digits, lower case
 * @param time when it was last written
 */
public record RemoteFile(String name, long size, String sha256, Instant time) {
  /**
   * Reads what the script prints: a JSON object a line.
   *
   * @throws EnvironmentException if it is something else
   */
  public static List<RemoteFile> parse(String printed) {
    try {
      return printed
          .lines()
          .filter(line -> !line.isBlank())
          .map(JsonParser::parseString)
          .map(JsonElement::getAsJsonObject)
          .map(RemoteFile::of)
          .toList();
    } catch (RuntimeException e) { // Gson and Instant have one for each way to be wrong
      throw new EnvironmentException(
          "cannot tell which packages there are",
          "list-packages.ps1 has printed " + printed.strip(),
          "",
          e);
    }
  }

  private static RemoteFile of(JsonObject file) {
    return new RemoteFile(
        file.get("name").getAsString(),
        file.get("size").getAsLong(),
        file.get("sha256").getAsString(),
        Instant.parse(file.get("time").getAsString()));
  }
}
