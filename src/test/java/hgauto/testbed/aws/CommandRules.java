package hgauto.testbed.aws;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What AWS documents of SendCommand and of {@code AWS-RunPowerShellScript}: what is refused, and
 * how much of the output is kept.
 */
final class CommandRules {
  private static final String DOCUMENT = "AWS-RunPowerShellScript";
  private static final Set<String> PARAMETERS =
      Set.of("commands", "workingDirectory", "executionTimeout");

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final Pattern INSTANCE = Pattern.compile("i-(\\w{8}|\\w{17})");
  private static final int LARGEST = 64 * 1024;
  private static final int LONGEST_COMMENT = 100;
  private static final int OUTPUT = 24_000;
  private static final int ERROR = 8_000;

  private CommandRules() {}

  /** The command that is asked for. */
  static SentCommand checked(PlayedCommands.Request request, String id, Instant now) {
    if (request.instanceIds().size() != 1) {
      throw invalid("instanceIds", "be one; commands for several are not played");
    }
    String instance = request.instanceIds().get(0);
    if (!INSTANCE.matcher(instance).matches()) {
      throw invalid("instanceIds", "satisfy regular expression pattern: " + INSTANCE);
    }
    if (!DOCUMENT.equals(request.document())) {
      throw Refusal.of("ssm", "InvalidDocument", "Document with name " + request.document());
    }
    if (request.comment() != null && request.comment().length() > LONGEST_COMMENT) {
      throw invalid("comment", "have length less than or equal to " + LONGEST_COMMENT);
    }
    if (request.timeoutSeconds() == null) {
      throw invalid("timeoutSeconds", "be there; AWS's guide gives two values for its default");
    }
    if (request.timeoutSeconds() < 30 || request.timeoutSeconds() > 2_592_000) {
      throw invalid("timeoutSeconds", "have value between 30 and 2592000");
    }
    Map<String, List<String>> parameters = request.parameters();
    if (!PARAMETERS.containsAll(parameters.keySet())) {
      throw parameters(
          "document " + DOCUMENT + " does not support parameters: " + parameters.keySet());
    }
    if (!parameters.containsKey("commands")) {
      throw parameters("document " + DOCUMENT + " requires parameter commands");
    }
    String seconds = String.join("", parameters.getOrDefault("executionTimeout", List.of("3600")));
    // AWS takes 1 to 4, too; then the agent takes 3600.
    if (!seconds.matches("[1-9]\\d{0,5}")
        || Integer.parseInt(seconds) < 5
        || Integer.parseInt(seconds) > 172_800) {
      throw parameters("Parameter 'executionTimeout' does not match the pattern: " + seconds);
    }
    if (JSON.toJson(parameters).getBytes(StandardCharsets.UTF_8).length > LARGEST) {
      throw Refusal.of("ssm", "MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.");
    }
    return new SentCommand(
        id,
        instance,
        String.valueOf(request.comment()),
        String.join("\n", parameters.get("commands")),
        Duration.ofSeconds(Integer.parseInt(seconds)),
        Duration.ofSeconds(request.timeoutSeconds()),
        now);
  }

  /** As much of standard output as is kept. */
  static String shownOutput(String output) {
    return output.substring(0, Math.min(output.length(), OUTPUT));
  }

  /** As much of standard error as is kept. */
  static String shownError(String error) {
    return error.substring(0, Math.min(error.length(), ERROR));
  }

  private static RuntimeException parameters(String why) {
    return Refusal.of("ssm", "InvalidParameters", why);
  }

  private static RuntimeException invalid(String name, String constraint) {
    return Refusal.of(
        "ssm",
        "ValidationException",
        "1 validation error detected: Value at '"
            + name
            + "' failed to satisfy constraint: Member must "
            + constraint);
  }
}
