package hgauto.aws;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/**
 * What the function said to a submission.
 *
 * @param messages lines for a person, from the other side: not to be trusted
 * @param run where a self-hosted Try Server shows the run that the submission became, from the
 *     response header {@code X-Hgauto-Run}, http or https; null where there is none
 */
public record Answer(List<String> messages, URI run) {
  private static final Gson GSON = new GsonBuilder().setStrictness(Strictness.STRICT).create();

  /**
   * @param server whose address the run's is made to begin with, since a server behind a proxy or a
   *     tunnel cannot know how it is reached; or null
   */
  static Answer of(InvokeResponse response, URI server, InvocationFailure failure) {
    String text = text(response);
    try {
      List<String> messages =
          StreamSupport.stream(GSON.fromJson(text, JsonArray.class).spliterator(), false)
              .map(Answer::message)
              .toList();
      String run = response.sdkHttpResponse().firstMatchingHeader("X-Hgauto-Run").orElse(null);
      return new Answer(messages, run == null ? null : webAddress(run, server));
    } catch (JsonParseException | NullPointerException e) {
      throw failure.notAnAnswer(text, e);
    } catch (URISyntaxException e) {
      throw failure.notAnAnswer("X-Hgauto-Run: " + e.getMessage(), e);
    }
  }

  /** The payload, which is empty where the function returned nothing. */
  static String text(InvokeResponse response) {
    return new String(response.payload().asByteArrayUnsafe(), StandardCharsets.UTF_8);
  }

  /** It may be opened in a browser, so it had better be nothing else. */
  private static URI webAddress(String text, URI server) throws URISyntaxException {
    URI uri = new URI(text);
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw new URISyntaxException(text, "not a web address");
    }
    if (server == null) {
      return uri;
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new URI(
        server.getScheme() + "://" + server.getRawAuthority() + uri.getRawPath() + query);
  }

  private static String message(JsonElement element) {
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()
        ? element.getAsString()
        : element.toString();
  }
}
