package hgauto.testbed.aws;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An account of moto's, with what production code relies on and moto lacks. */
final class MotoAmended {
  private static final Pattern OTHER_REGION =
      Pattern.compile(
          "(?s)<item>(?:(?!</item>).)*<regionName>(?!us-west-2<|us-east-1<|eu-north-1<)"
              + "(?:(?!</item>).)*</item>");

  private static final Pattern INSTANCE = Pattern.compile("<instanceId>(i-[0-9a-f]+)</instanceId>");
  private static final Pattern TAGS = Pattern.compile("(?s)<tagSet>.*?</tagSet>");
  private static final Pattern KEY_NAME = Pattern.compile("<keyName>([^<]+)</keyName>");
  private static final Pattern IMAGE = Pattern.compile("<imageId>(ami-[0-9a-f]+)</imageId>");
  private static final Pattern SNAPSHOT =
      Pattern.compile("<snapshotId>(snap-[0-9a-f]+)</snapshotId>");

  private final Moto moto;
  private final MotoLaunches launches;
  private final PlayedSsm ssm;
  private final Map<String, String> parameters = new ConcurrentHashMap<>();

  /** The account as moto plays it. */
  interface Moto {
    ApiAnswer answer(ApiRequest request) throws IOException;
  }

  MotoAmended(Moto moto, PlayedCommands commands) {
    this.moto = moto;
    this.ssm = new PlayedSsm(commands);
    this.launches = new MotoLaunches(moto);
  }

  MotoLaunches launches() {
    return launches;
  }

  void putParameter(String name, String value) {
    parameters.put(name, value);
  }

  static List<String> instances(ApiAnswer answer) {
    return found(INSTANCE, answer);
  }

  ApiAnswer answer(ApiRequest request) throws IOException {
    return switch (request.call().action()) {
      case "ec2:DescribeRegions" -> enabledRegions(request);
      case "ec2:RunInstances" -> launches.launch(request);
      case "ec2:DescribeInstances" -> launches.describe(request);
      case "ec2:TerminateInstances", "ec2:CreateTags", "ec2:ModifyInstanceMetadataOptions" ->
          launches.named(request);
      case "ec2:DeleteKeyPair" -> deleteKeyPair(request);
      case "ec2:DeleteSecurityGroup" -> deleteGroup(request);
      case "ec2:CreateImage" -> createImage(request);
      case "ec2:DeregisterImage" -> deregister(request);
      case "iam:RemoveRoleFromInstanceProfile" -> removeRole(request);
      case "ssm:GetParameters" -> parameters(request);
      case "ssm:DescribeInstanceInformation",
          "ssm:SendCommand",
          "ssm:GetCommandInvocation",
          "ssm:CancelCommand" ->
          ssm.answer(request);
      default -> moto.answer(request);
    };
  }

  /** Moto's accounts have all regions there are; three are as good, and looked at sooner. */
  private ApiAnswer enabledRegions(ApiRequest request) throws IOException {
    ApiAnswer answer = moto.answer(request);
    return answer.withBody(OTHER_REGION.matcher(answer.body()).replaceAll(""));
  }

  /** Moto deletes by the name alone. */
  private ApiAnswer deleteKeyPair(ApiRequest request) throws IOException {
    String id = "<keyPairId>" + request.form().get("KeyPairId") + "</keyPairId>";
    String pairs = moto.answer(request.asking("DescribeKeyPairs", Map.of())).body();
    for (String item : TAGS.matcher(pairs).replaceAll("").split("<item>", -1)) {
      Matcher name = KEY_NAME.matcher(item);
      if (item.contains(id) && name.find()) {
        return moto.answer(request.asking("DeleteKeyPair", Map.of("KeyName", name.group(1))));
      }
    }
    return moto.answer(request);
  }

  /** Moto deletes a group whatever has it. */
  private ApiAnswer deleteGroup(ApiRequest request) throws IOException {
    String group = request.form().getOrDefault("GroupId", "");
    Map<String, String> using = new LinkedHashMap<>();
    using.put("Filter.1.Name", "instance.group-id");
    using.put("Filter.1.Value.1", group);
    using.put("Filter.2.Name", "instance-state-name");
    List<String> states = List.of("pending", "running", "shutting-down", "stopping", "stopped");
    for (String state : states) {
      using.put("Filter.2.Value." + (states.indexOf(state) + 1), state);
    }
    return instances(moto.answer(request.asking("DescribeInstances", using))).isEmpty()
        ? moto.answer(request)
        : ApiAnswer.error(
            "ec2", "DependencyViolation", "resource " + group + " has a dependent object");
  }

  /** Moto takes a name twice, and does not know how to tag the snapshots. */
  private ApiAnswer createImage(ApiRequest request) throws IOException {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("Owner.1", "self");
    named.put("Filter.1.Name", "name");
    named.put("Filter.1.Value.1", request.form().get("Name"));
    if (!found(IMAGE, moto.answer(request.asking("DescribeImages", named))).isEmpty()) {
      return ApiAnswer.error("ec2", "InvalidAMIName.Duplicate", "The AMI name is already in use");
    }
    Map<String, String> form = new LinkedHashMap<>(request.form());
    Map<String, String> tags = new LinkedHashMap<>();
    request
        .form()
        .forEach(
            (field, value) -> {
              if (field.endsWith(".ResourceType") && value.equals("snapshot")) {
                String specification = field.replace("ResourceType", "");
                request
                    .form()
                    .forEach(
                        (other, text) -> {
                          if (other.startsWith(specification)) {
                            form.remove(other);
                            tags.put(other.replace(specification, ""), text);
                          }
                        });
              }
            });
    tags.remove("ResourceType");
    ApiAnswer made = moto.answer(request.withForm(form));
    List<String> image = found(IMAGE, made);
    if (!tags.isEmpty() && !image.isEmpty()) {
      List<String> snapshots = snapshots(request, image.get(0));
      for (String snapshot : snapshots) {
        tags.put("ResourceId." + (snapshots.indexOf(snapshot) + 1), snapshot);
      }
      moto.answer(request.asking("CreateTags", tags));
    }
    return made;
  }

  /** Moto does not know how to delete the snapshots with the image. */
  private ApiAnswer deregister(ApiRequest request) throws IOException {
    boolean all = "true".equals(request.form().get("DeleteAssociatedSnapshots"));
    List<String> snapshots = all ? snapshots(request, request.form().get("ImageId")) : List.of();
    ApiAnswer answer = moto.answer(request);
    StringBuilder results = new StringBuilder();
    for (String snapshot : snapshots) {
      ApiAnswer deleted =
          moto.answer(request.asking("DeleteSnapshot", Map.of("SnapshotId", snapshot)));
      results
          .append("<item><snapshotId>")
          .append(snapshot)
          .append("</snapshotId><returnCode>")
          .append(deleted.status() == 200 ? "success" : "skipped")
          .append("</returnCode></item>");
    }
    String end = "</DeregisterImageResponse>";
    return answer.withBody(
        answer
            .body()
            .replace(
                end, "<deleteSnapshotResultSet>" + results + "</deleteSnapshotResultSet>" + end));
  }

  private List<String> snapshots(ApiRequest request, String image) throws IOException {
    return found(
        SNAPSHOT, moto.answer(request.asking("DescribeImages", Map.of("ImageId.1", image))));
  }

  /** Moto breaks down where the profile does not have the role. */
  private ApiAnswer removeRole(ApiRequest request) throws IOException {
    ApiAnswer answer = moto.answer(request);
    return answer.status() == 500
        ? ApiAnswer.error(
            "iam",
            "NoSuchEntity",
            "The role with name " + request.form().get("RoleName") + " cannot be found.")
        : answer;
  }

  /** Of AWS's public parameters moto knows few, and lets nobody make one. */
  private ApiAnswer parameters(ApiRequest request) throws IOException {
    ApiAnswer answer = moto.answer(request);
    JsonObject json = new Gson().fromJson(answer.body(), JsonObject.class);
    if (answer.status() != 200) {
      return answer;
    }
    JsonArray unknown = new JsonArray();
    for (JsonElement name : json.getAsJsonArray("InvalidParameters")) {
      String value = parameters.get(name.getAsString());
      if (value == null) {
        unknown.add(name);
      } else {
        JsonObject parameter = new JsonObject();
        parameter.add("Name", name);
        parameter.addProperty("Value", value);
        json.getAsJsonArray("Parameters").add(parameter);
      }
    }
    json.add("InvalidParameters", unknown);
    return answer.withBody(json.toString());
  }

  private static List<String> found(Pattern pattern, ApiAnswer answer) {
    return pattern.matcher(answer.body()).results().map(id -> id.group(1)).distinct().toList();
  }
}
