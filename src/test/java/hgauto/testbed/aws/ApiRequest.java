package hgauto.testbed.aws;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * A request as clients send it to AWS. The region and the service are in the signature's scope; the
 * action is in the form, or in a header where the body is JSON.
 *
 * @param form empty where the body is JSON
 */
record ApiRequest(Call call, List<HttpField> headers, Map<String, String> form, String body) {
  private static final Pattern SCOPE = Pattern.compile("Credential=[^/]+/[^/]+/([^/]+)/([^/]+)/");

  static ApiRequest read(Request request) throws IOException {
    String body = Content.Source.asString(request, StandardCharsets.UTF_8);
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    Matcher scope = SCOPE.matcher(String.valueOf(authorization));
    if (!scope.find()) {
      throw new IOException("not a request to AWS: " + request);
    }
    String target = request.getHeaders().get("X-Amz-Target");
    Map<String, String> form = target == null ? decode(body) : Map.of();
    String action = target == null ? form.get("Action") : target.substring(target.indexOf('.') + 1);
    String service = scope.group(2);
    Call call =
        new Call(service + ":" + action, service.equals("iam") ? "aws-global" : scope.group(1));
    return new ApiRequest(call, request.getHeaders().stream().toList(), form, body);
  }

  /** Another question of the same client to the same service. */
  ApiRequest asking(String action, Map<String, String> fields) {
    Map<String, String> other = new LinkedHashMap<>(fields);
    other.put("Action", action);
    other.put("Version", form.get("Version"));
    return withForm(other);
  }

  /** The same request with another form. */
  ApiRequest withForm(Map<String, String> changed) {
    String encoded =
        changed.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    return new ApiRequest(call, headers, changed, encoded);
  }

  private static Map<String, String> decode(String form) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : form.split("&", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        fields.put(
            URLDecoder.decode(field.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return fields;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
