package hgauto.testbed.aws;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests for a person to compare with AWS's documentation: the action, and the names of its
 * parameters, with the values of those few that say what a call is for.
 */
final class RequestList {
  private static final Pattern FILTER = Pattern.compile("Filter\\.\\d+\\.Name");
  private static final Pattern LISTED = Pattern.compile("(\\w+)\\.\\d+(?:\\..*)?");
  private static final Set<String> OF_ALL = Set.of("Action", "Version");
  private static final Set<String> SHOWN = Set.of("DocumentName", "Comment");

  private RequestList() {}

  /** "ec2:DescribeImages: Filter tag:x, Owner". */
  static String line(ApiRequest request) {
    Set<String> parameters = new LinkedHashSet<>();
    if (request.form().isEmpty()) {
      JsonParser.parseString(request.body())
          .getAsJsonObject()
          .entrySet()
          .forEach(field -> parameters.add(parameter(field)));
    } else {
      request.form().forEach((name, value) -> addTo(parameters, name, value));
    }
    List<String> sorted = new ArrayList<>(parameters);
    sorted.sort(String.CASE_INSENSITIVE_ORDER);
    return request.call().action() + ": " + String.join(", ", sorted);
  }

  private static void addTo(Set<String> parameters, String name, String value) {
    Matcher listed = LISTED.matcher(name);
    if (FILTER.matcher(name).matches()) {
      parameters.add("Filter " + value);
    } else if (listed.matches()) {
      if (!listed.group(1).equals("Filter")) {
        parameters.add(listed.group(1));
      }
    } else if (!OF_ALL.contains(name)) {
      parameters.add(name.replaceFirst("\\..*", ""));
    }
  }

  private static String parameter(Map.Entry<String, JsonElement> field) {
    String name = field.getKey();
    JsonElement value = field.getValue();
    if (SHOWN.contains(name)) {
      return name + " " + value.getAsString();
    }
    if (name.equals("Filters")) {
      JsonObject first = value.getAsJsonArray().get(0).getAsJsonObject();
      return "Filters " + first.get("Key").getAsString();
    }
    return value.isJsonObject()
        ? name
            + " ("
            + String.join(", ", value.getAsJsonObject().keySet().stream().sorted().toList())
            + ")"
        : name;
  }
}
