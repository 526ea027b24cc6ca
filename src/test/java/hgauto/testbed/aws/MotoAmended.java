package hgauto.testbed.aws;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What moto lacks of EC2: a client token makes a launch happen once, and finds its instance; and a
 * new instance can be hidden for a while.
 */
final class MotoAmended {
  private static final Pattern INSTANCE = Pattern.compile("<instanceId>(i-[0-9a-f]+)</instanceId>");

  private final Moto moto;
  private final Map<String, Launch> launches = new HashMap<>();
  private final Looks looks = new Looks();
  private int hidden;

  /** The account as moto plays it. */
  interface Moto {
    ApiAnswer answer(ApiRequest request) throws IOException;
  }

  /** What was asked for, what was answered, and the instances that came of it. */
  private record Launch(Map<String, String> form, ApiAnswer answer, List<String> instances) {}

  MotoAmended(Moto moto) {
    this.moto = moto;
  }

  synchronized void hideInstancesFor(int times) {
    hidden = times;
  }

  ApiAnswer answer(ApiRequest request) throws IOException {
    return switch (request.call().action()) {
      case "ec2:RunInstances" -> launch(request);
      case "ec2:DescribeInstances" -> describe(request);
      case "ec2:TerminateInstances", "ec2:CreateTags", "ec2:ModifyInstanceMetadataOptions" ->
          named(request);
      default -> moto.answer(request);
    };
  }

  private synchronized ApiAnswer launch(ApiRequest request) throws IOException {
    String token = request.call().region() + " " + request.form().get("ClientToken");
    Launch earlier = launches.get(token);
    if (earlier != null) {
      return earlier.form().equals(request.form())
          ? earlier.answer()
          : ApiAnswer.error(
              "ec2",
              "IdempotentParameterMismatch",
              "The client token was already used with different request parameters.");
    }
    ApiAnswer answer = moto.answer(request);
    List<String> instances =
        INSTANCE.matcher(answer.body()).results().map(found -> found.group(1)).distinct().toList();
    instances.forEach(id -> looks.set(id, hidden));
    if (answer.status() == 200 && request.form().containsKey("ClientToken")) {
      launches.put(token, new Launch(request.form(), answer, instances));
    }
    return answer;
  }

  private synchronized ApiAnswer named(ApiRequest request) throws IOException {
    for (Map.Entry<String, String> field : request.form().entrySet()) {
      if (field.getKey().matches("(InstanceId|ResourceId)(\\.\\d+)?")
          && looks.tooEarly(field.getValue())) {
        return ApiAnswer.error(
            "ec2",
            "InvalidInstanceID.NotFound",
            "The instance ID '" + field.getValue() + "' does not exist");
      }
    }
    return moto.answer(request);
  }

  private synchronized ApiAnswer describe(ApiRequest request) throws IOException {
    if (request.form().keySet().stream().anyMatch(field -> field.startsWith("InstanceId."))) {
      return named(request);
    }
    ApiAnswer answer = moto.answer(request.withForm(withIdsForTokens(request)));
    return answer.withBody(InstanceItems.without(answer.body(), looks::tooEarly));
  }

  /** The filter by client token as one by the ids of the instances that it made. */
  private Map<String, String> withIdsForTokens(ApiRequest request) {
    Map<String, String> form = new LinkedHashMap<>(request.form());
    request
        .form()
        .forEach(
            (field, value) -> {
              if (field.matches("Filter\\.\\d+\\.Name") && value.equals("client-token")) {
                form.put(field, "instance-id");
                String values = field.replace("Name", "Value.");
                List<String> ids = new ArrayList<>();
                form.forEach(
                    (other, token) -> {
                      if (other.startsWith(values)) {
                        ids.addAll(launchedWith(request.call().region() + " " + token));
                      }
                    });
                form.keySet().removeIf(other -> other.startsWith(values));
                form.put(values + 1, "i-none");
                for (String id : ids) {
                  form.put(values + (ids.indexOf(id) + 2), id);
                }
              }
            });
    return form;
  }

  private List<String> launchedWith(String token) {
    Launch launch = launches.get(token);
    return launch == null ? List.of() : launch.instances();
  }
}
