package hgauto.release;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
  private static final Pattern SECTION = Pattern.compile("\\[(.+)\\].*");
  private static final Pattern OPTION = Pattern.compile("(.*?)\\s*[=:]\\s*(.*)");
  private static final Pattern BLANK_OR_COMMENT = Pattern.compile("\\s*(?:[#;].*)?");
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final String REPOSITORY = "repository";

  /** Of each section, the values of its options, which are in lower case. */
  private final Map<String, Map<String, String>> sections = new HashMap<>();

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
    String servers = read.value("distutils", "index-servers").orElse("pypi testpypi");
    return Arrays.stream(SPACE.split(servers.strip()))
        .filter(
            name ->
                read.address(name)
                    .filter(address -> PackageIndex.same(address, upload.toString()))
                    .isPresent())
        .findFirst();
  }

  /** Twine knows two without a file. */
  private Optional<String> address(String section) {
    return value(section, REPOSITORY)
        .or(
            () ->
                switch (section) {
                  case "pypi" -> Optional.of(PackageIndex.PYPI.toString());
                  case "testpypi" -> Optional.of(PackageIndex.TEST_PYPI.toString());
                  default -> Optional.empty();
                });
  }

  private Optional<String> value(String section, String option) {
    return Optional.ofNullable(sections.get(section))
        .map(
            options ->
                options.getOrDefault(
                    option, sections.getOrDefault("DEFAULT", Map.of()).get(option)));
  }

  /** As Python's configparser does, which goes by how far lines are indented. */
  private void read(List<String> lines) {
    Map<String, String> options = new HashMap<>();
    String option = "";
    int indented = 0;
    for (String line : lines) {
      if (BLANK_OR_COMMENT.matcher(line).matches()) {
        continue;
      }
      String text = line.strip();
      int indent = line.length() - line.stripLeading().length();
      if (!option.isEmpty() && indent > indented) {
        options.merge(option, text, (value, more) -> value + "\n" + more);
        continue;
      }
      indented = indent;
      Matcher header = SECTION.matcher(text);
      Matcher value = OPTION.matcher(text);
      if (header.matches()) {
        options = sections.computeIfAbsent(header.group(1), name -> new HashMap<>());
        option = "";
      } else if (value.matches()) {
        option = value.group(1).toLowerCase(Locale.ROOT);
        options.put(option, value.group(2));
      }
    }
  }
}
