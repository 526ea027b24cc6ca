package hgauto.testbed.aws;

import com.google.gson.Gson;
import java.util.Map;

/**
 * What AWS answers to a request.
 *
 * @param status of HTTP
 */
record ApiAnswer(int status, String contentType, String body) {
  private static final String REQUEST = "00000000-0000-0000-0000-000000000000";

  /** An error in the form of that service. */
  static ApiAnswer error(String service, String code, String message) {
    int status = Refusal.status(service, code);
    return switch (service) {
      case "ec2" ->
          new ApiAnswer(
              status,
              "text/xml;charset=UTF-8",
              text(
                  "<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors>"
                      + "<RequestID>%s</RequestID></Response>",
                  code, message, REQUEST));
      case "iam", "sts" ->
          new ApiAnswer(
              status,
              "text/xml",
              text(
                  "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message>"
                      + "</Error><RequestId>%s</RequestId></ErrorResponse>",
                  code, message, REQUEST));
      default ->
          new ApiAnswer(
              status,
              "application/x-amz-json-1.1",
              new Gson().toJson(Map.of("__type", code, "message", message)));
    };
  }

  ApiAnswer withBody(String changed) {
    return new ApiAnswer(status, contentType, changed);
  }

  private static String text(String xml, String code, String message, String request) {
    String escaped = message.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return xml.formatted(code, escaped, request);
  }
}
