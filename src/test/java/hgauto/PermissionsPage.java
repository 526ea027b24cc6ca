package hgauto;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The policies in docs/aws-permissions.md. */
final class PermissionsPage {
  private static final Pattern LINK = Pattern.compile("\\[([\\w\\s]+)]\\(#([\\w-]+)\\)");

  private PermissionsPage() {}

  static String text() throws IOException {
    return Files.readString(Path.of("docs/aws-permissions.md"));
  }

  /** The statements of the policies under that heading; under all headings if it is empty. */
  static List<JsonObject> policies(String section) throws IOException {
    List<JsonObject> statements = new ArrayList<>();
    for (String part : text().split("(?m)^## ", -1)) {
      if (section.isEmpty() || part.startsWith(section + "\n")) {
        Pattern.compile("(?s)```json\n(.*?)```")
            .matcher(part)
            .results()
            .map(PermissionsPage::policy)
            .forEach(policy -> policy.forEach(it -> statements.add(it.getAsJsonObject())));
      }
    }
    assertThat(statements).describedAs("policies of \"%s\"", section).isNotEmpty();
    return statements;
  }

  /** The actions that a command may call, by the sections that its own names. */
  static Set<String> actionsOf(String command) throws IOException {
    Set<String> actions = new TreeSet<>();
    for (String part : text().split("(?m)^## ", -1)) {
      if (part.startsWith(command + "\n")) {
        for (MatchResult link : LINK.matcher(part).results().toList()) {
          String anchor = link.group(1).toLowerCase(Locale.ROOT).replace(' ', '-');
          assertThat(link.group(2)).isEqualTo(anchor);
          actions.addAll(actions(policies(link.group(1))));
        }
      }
    }
    assertThat(actions).describedAs("sections that \"%s\" names", command).isNotEmpty();
    return actions;
  }

  private static Iterable<JsonElement> policy(MatchResult block) {
    JsonObject policy = JsonParser.parseString(block.group(1)).getAsJsonObject();
    assertThat(policy.get("Version").getAsString()).isEqualTo("2012-10-17");
    return policy.getAsJsonArray("Statement");
  }

  static Set<String> actions(List<JsonObject> statements) {
    return statements.stream()
        .flatMap(statement -> strings(statement.get("Action")).stream())
        .collect(toCollection(TreeSet::new));
  }

  static List<String> strings(JsonElement oneOrMore) {
    return oneOrMore.isJsonArray()
        ? oneOrMore.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList()
        : List.of(oneOrMore.getAsString());
  }
}
