package hgauto.testbed.aws;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What moto lacks about instances: a client token makes a launch happen once, and finds its
 * instance; termination protection from the launch on; and a new instance can be hidden for a
 * while.
 */
final class MotoLaunches {
  private final MotoAmended.Moto moto;
  private final Map<String, Launch> launches = new HashMap<>();
  private final Looks looks = new Looks();
  private int hidden;

  /** What was asked for, what was answered, and the instances that came of it. */
  private record Launch(Map<String, String> form, ApiAnswer answer, List<String> instances) {}

  MotoLaunches(MotoAmended.Moto moto) {
    this.moto = moto;
  }

  synchronized void hideInstancesFor(int times) {
    hidden = times;
  }

  synchronized ApiAnswer launch(ApiRequest request) throws IOException {
    Map<String, String> form = request.form();
    String token = token(request, form.get("ClientToken"));
    Launch earlier = launches.get(token);
    if (earlier != null) {
      return earlier.form().equals(form)
          ? earlier.answer()
          : ApiAnswer.error(
              "ec2",
              "IdempotentParameterMismatch",
              "The client token was already used with different request parameters.");
    }
    ApiAnswer answer = moto.answer(request);
    List<String> instances = MotoAmended.instances(answer);
    for (String id : instances) {
      looks.set(id, hidden);
      if ("true".equals(form.get("DisableApiTermination"))) {
        moto.answer(
            request.asking(
                "ModifyInstanceAttribute",
                Map.of("InstanceId", id, "DisableApiTermination.Value", "true")));
      }
    }
    if (answer.status() == 200 && form.containsKey("ClientToken")) {
      launches.put(token, new Launch(form, answer, instances));
    }
    return answer;
  }

  /** A call that names instances, if all are to be seen already. */
  synchronized ApiAnswer named(ApiRequest request) throws IOException {
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

  synchronized ApiAnswer describe(ApiRequest request) throws IOException {
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
                List<String> ids = new ArrayList<>(List.of("i-none"));
                request
                    .form()
                    .forEach(
                        (other, token) -> {
                          if (other.startsWith(values)) {
                            ids.addAll(launchedWith(token(request, token)));
                            form.remove(other);
                          }
                        });
                ids.forEach(id -> form.put(values + (ids.indexOf(id) + 1), id));
              }
            });
    return form;
  }

  private static String token(ApiRequest request, String clientToken) {
    return request.call().region() + " " + clientToken;
  }

  private List<String> launchedWith(String token) {
    Launch launch = launches.get(token);
    return launch == null ? List.of() : launch.instances();
  }
}
