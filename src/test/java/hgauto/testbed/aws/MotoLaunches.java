package hgauto.testbed.aws;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What moto lacks about instances: a client token makes a launch happen once, and finds its
 * instance; termination protection from the launch on; and a new instance can be hidden for a
 * while.
 */
final class MotoLaunches {
  private static final Pattern FILTER_VALUE = Pattern.compile("(Filter\\.\\d+\\.)Value\\.\\d+");

  private final MotoAmended.Moto moto;
  private final Map<String, Launch> launches = new ConcurrentHashMap<>();
  private final Looks looks = new Looks();
  private volatile int hidden;

  /** What was asked for, what was answered, and the instances that came of it. */
  private record Launch(Map<String, String> form, ApiAnswer answer, List<String> instances) {}

  MotoLaunches(MotoAmended.Moto moto) {
    this.moto = moto;
  }

  void hideInstancesFor(int times) {
    hidden = times;
  }

  /** One at a time, so that the same token twice at once is one launch. */
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
  ApiAnswer named(ApiRequest request) throws IOException {
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

  ApiAnswer describe(ApiRequest request) throws IOException {
    if (request.form().keySet().stream().anyMatch(field -> field.startsWith("InstanceId."))) {
      return named(request);
    }
    Map<String, List<String>> filters = filters(request.form());
    List<String> tokens = filters.remove("client-token");
    if (tokens != null) {
      filters.put("instance-id", launchedWith(request, tokens));
    }
    List<String> profiles = filters.remove("iam-instance-profile.arn");
    ApiAnswer answer = moto.answer(request.withForm(withFilters(request.form(), filters)));
    if (answer.status() != 200) {
      return answer;
    }
    return answer.withBody(
        InstanceItems.without(
            answer.body(),
            instance ->
                (profiles != null && !profiles.contains(instance.profileArn()))
                    || looks.tooEarly(instance.id())));
  }

  private static Map<String, List<String>> filters(Map<String, String> form) {
    Map<String, List<String>> filters = new LinkedHashMap<>();
    form.forEach(
        (field, value) -> {
          Matcher matcher = FILTER_VALUE.matcher(field);
          if (matcher.matches()) {
            filters
                .computeIfAbsent(form.get(matcher.group(1) + "Name"), name -> new ArrayList<>())
                .add(value);
          }
        });
    return filters;
  }

  private static Map<String, String> withFilters(
      Map<String, String> form, Map<String, List<String>> filters) {
    Map<String, String> changed = new LinkedHashMap<>(form);
    changed.keySet().removeIf(field -> field.startsWith("Filter."));
    int number = 0;
    for (Map.Entry<String, List<String>> filter : filters.entrySet()) {
      number++;
      changed.put("Filter." + number + ".Name", filter.getKey());
      List<String> values = filter.getValue();
      for (int i = 0; i < values.size(); i++) {
        changed.put("Filter." + number + ".Value." + (i + 1), values.get(i));
      }
    }
    return changed;
  }

  private static String token(ApiRequest request, String clientToken) {
    return request.call().region() + " " + clientToken;
  }

  /** The ids of the instances; never none, since a filter without a value is none. */
  private List<String> launchedWith(ApiRequest request, List<String> tokens) {
    List<String> ids = new ArrayList<>(List.of("i-none"));
    for (String token : tokens) {
      Launch launch = launches.get(token(request, token));
      ids.addAll(launch == null ? List.of() : launch.instances());
    }
    return ids;
  }
}
