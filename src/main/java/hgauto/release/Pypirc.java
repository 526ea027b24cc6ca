package hgauto.release;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which section of {@code ~/.pypirc} is about an index. Twine uses a section's credentials where it
 * is told the section's name, but not where it is told the same address. Credentials are not looked
 * at.
 */
final class Pypirc {
  private static final Pattern SECTION = Pattern.compile("\\[([^\\]]+)\\].*");
  private static final Pattern VALUE = Pattern.compile("(repository|index-servers)\\s*[=:](.*)");
  private static final Pattern CONTINUED = Pattern.compile("\\s.*");
  private static final Pattern BLANK_OR_COMMENT = Pattern.compile("\\s*(?:[#;].*)?");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** The address of each section; twine knows these two without a file. */
  private final Map<String, String> addresses =
      new HashMap<>(
          Map.of(
              "pypi", PackageIndex.PYPI.toString(),
              "testpypi", PackageIndex.TEST_PYPI.toString()));

  /** The sections that twine considers. */
  private String indexServers = "pypi testpypi";

  private Pypirc() {}

  /**
   * The name of the section whose address that is.
   *
   * @param pypirc the file, which may not exist
   * @param upload the address
   */
  static Optional<String> section(Path pypirc, URI upload) throws IOException {
    Pypirc read = new Pypirc();
    if (Files.exists(pypirc)) {
      read.read(Files.readAllLines(pypirc));
    }
    return Arrays.stream(SPACE.split(read.indexServers.strip()))
        .filter(
            name ->
                read.addresses.containsKey(name)
                    && PackageIndex.same(read.addresses.get(name), upload.toString()))
        .findFirst();
  }

  private void read(List<String> lines) {
    String section = "";
    boolean inServers = false;
    for (String line : lines) {
      if (BLANK_OR_COMMENT.matcher(line).matches()) {
        continue;
      }
      Matcher header = SECTION.matcher(line);
      Matcher value = VALUE.matcher(line);
      if (inServers && CONTINUED.matcher(line).matches()) {
        indexServers += " " + line.strip();
        continue;
      }
      inServers = false;
      if (header.matches()) {
        section = header.group(1);
      } else if (value.matches() && value.group(1).equals("repository")) {
        addresses.put(section, value.group(2).strip());
      } else if (value.matches() && section.equals("distutils")) {
        indexServers = value.group(2);
        inServers = true;
      }
    }
  }
}
