package hgauto.aws;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What of an incoming HTTP request its signature covers, but for the body.
 *
 * @param method such as {@code POST}
 * @param path as it came over the wire, still percent-encoded
 * @param query the same, without the question mark; empty or null where there is none
 * @param headers the values of each header in the order they came; names are in lower case here,
 *     whatever case they were given in
 */
public record SignedRequest(
    String method, String path, String query, Map<String, List<String>> headers) {

  /** Lower-cases the names of the headers. */
  public SignedRequest {
    Map<String, List<String>> byName = new TreeMap<>();
    headers.forEach(
        (name, values) ->
            byName.merge(
                name.toLowerCase(Locale.ROOT), List.copyOf(values), SignedRequest::append));
    headers = byName;
  }

  /** All values of a header, by its name in lower case; empty where it was not sent. */
  List<String> values(String name) {
    return headers.getOrDefault(name, List.of());
  }

  private static List<String> append(List<String> first, List<String> more) {
    return Stream.concat(first.stream(), more.stream()).toList();
  }
}
