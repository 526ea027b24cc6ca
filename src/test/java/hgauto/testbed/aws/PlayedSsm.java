package hgauto.testbed.aws;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Run Command in the form in which the SDK's clients ask for it. Moto's runs nothing. */
final class PlayedSsm {
  private static final Gson JSON = new Gson();

  private final PlayedCommands commands;

  PlayedSsm(PlayedCommands commands) {
    this.commands = commands;
  }

  ApiAnswer answer(ApiRequest request) {
    JsonObject asked = JSON.fromJson(request.body(), JsonObject.class);
    try {
      JsonObject answer =
          switch (request.call().action()) {
            case "ssm:DescribeInstanceInformation" -> describe(asked);
            case "ssm:SendCommand" -> send(asked);
            case "ssm:GetCommandInvocation" -> look(asked);
            case "ssm:CancelCommand" -> cancel(asked);
            default -> throw new IllegalArgumentException(request.call().toString());
          };
      return new ApiAnswer(200, "application/x-amz-json-1.1", answer.toString());
    } catch (AwsServiceException e) {
      return ApiAnswer.error(
          "ssm", e.awsErrorDetails().errorCode(), e.awsErrorDetails().errorMessage());
    }
  }

  private JsonObject describe(JsonObject asked) {
    List<String> ids = new ArrayList<>();
    for (JsonElement filter : asked.getAsJsonArray("Filters")) {
      if (filter.getAsJsonObject().get("Key").getAsString().equals("InstanceIds")) {
        ids.addAll(strings(filter.getAsJsonObject().get("Values")));
      }
    }
    JsonArray list = new JsonArray();
    commands
        .pings(ids)
        .forEach(
            (id, status) -> {
              JsonObject instance = new JsonObject();
              instance.addProperty("InstanceId", id);
              instance.addProperty("PingStatus", status);
              instance.addProperty("AgentVersion", PlayedCommands.AGENT);
              instance.addProperty("PlatformType", "Windows");
              instance.addProperty("PlatformName", PlayedCommands.SYSTEM);
              list.add(instance);
            });
    JsonObject answer = new JsonObject();
    answer.add("InstanceInformationList", list);
    return answer;
  }

  private JsonObject send(JsonObject asked) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    asked
        .getAsJsonObject("Parameters")
        .entrySet()
        .forEach(entry -> parameters.put(entry.getKey(), strings(entry.getValue())));
    SentCommand sent =
        commands.send(
            new PlayedCommands.Request(
                asked.get("DocumentName").getAsString(),
                strings(asked.get("InstanceIds")),
                parameters,
                asked.has("TimeoutSeconds") ? asked.get("TimeoutSeconds").getAsInt() : null,
                asked.has("Comment") ? asked.get("Comment").getAsString() : null));
    JsonObject command = new JsonObject();
    command.addProperty("CommandId", sent.id());
    command.addProperty("Status", "Pending");
    JsonObject answer = new JsonObject();
    answer.add("Command", command);
    return answer;
  }

  private JsonObject look(JsonObject asked) {
    PlayedCommands.Standing standing =
        commands.look(asked.get("CommandId").getAsString(), asked.get("InstanceId").getAsString());
    JsonObject answer = new JsonObject();
    answer.add("CommandId", asked.get("CommandId"));
    answer.add("InstanceId", asked.get("InstanceId"));
    answer.addProperty("Status", standing.status());
    answer.addProperty("StatusDetails", standing.details());
    answer.addProperty("ResponseCode", standing.code());
    answer.addProperty("StandardOutputContent", standing.output());
    answer.addProperty("StandardErrorContent", standing.error());
    return answer;
  }

  private JsonObject cancel(JsonObject asked) {
    commands.cancel(asked.get("CommandId").getAsString());
    return new JsonObject();
  }

  private static List<String> strings(JsonElement array) {
    return array.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }
}
