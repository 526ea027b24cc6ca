package hgauto.testbed.aws;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;

/** The filters of EC2: all must be met, each by any of its values, in which * and ? are wild. */
final class Filters {
  private Filters() {}

  /**
   * @param attributes the filters that the kind of thing has beside those for tags, and the values
   *     that this thing has for them; AWS refuses any other filter
   */
  static boolean met(List<Filter> filters, List<Tag> tags, Map<String, List<String>> attributes) {
    return filters.stream()
        .allMatch(filter -> has(filter.values(), values(filter.name(), tags, attributes)));
  }

  /** The values that are not null. */
  static List<String> values(String... values) {
    return Arrays.stream(values).filter(Objects::nonNull).toList();
  }

  private static List<String> values(
      String name, List<Tag> tags, Map<String, List<String>> attributes) {
    if (name.equals("tag-key")) {
      return tags.stream().map(Tag::key).toList();
    }
    if (name.startsWith("tag:")) {
      return tags.stream().filter(tag -> name.equals("tag:" + tag.key())).map(Tag::value).toList();
    }
    if (!attributes.containsKey(name)) {
      throw Refusal.ec2("InvalidParameterValue", "The filter '" + name + "' is invalid");
    }
    return attributes.get(name);
  }

  private static boolean has(List<String> wanted, List<String> values) {
    return wanted.stream()
        .anyMatch(
            want ->
                (want.contains("*") || want.contains("?"))
                    ? values.stream().anyMatch(pattern(want).asMatchPredicate())
                    : values.contains(want));
  }

  private static Pattern pattern(String wanted) {
    return Pattern.compile(
        wanted
            .chars()
            .mapToObj(
                c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString((char) c)))
            .collect(Collectors.joining()),
        Pattern.DOTALL);
  }
}
