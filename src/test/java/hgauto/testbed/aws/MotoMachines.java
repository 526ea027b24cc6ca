package hgauto.testbed.aws;

import hgauto.testbed.SlowLink;
import hgauto.testbed.machine.MachineSpec;
import hgauto.testbed.machine.TestMachine;
import hgauto.testbed.windows.WindowsBehaviour;
import hgauto.testbed.windows.WindowsStandIn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/**
 * An account of moto's whose instances are machines, if they are of an image that is known here.
 * They run as soon as they have an address, a little before they have booted, as EC2's do. That an
 * image is made of one does not reboot it.
 */
final class MotoMachines implements MotoAmended.Moto {
  private static final int SSH = 22;
  private static final Pattern DEVICE = Pattern.compile("(BlockDeviceMapping\\.\\d+\\.)DeviceName");
  private static final Pattern IMAGE = Pattern.compile("<imageId>(ami-[0-9a-f]+)</imageId>");

  private final MotoAmended.Moto moto;
  private final Path folder;
  private final PlayedCommands commands;
  private final WindowsBehaviour behaviour = new WindowsBehaviour();
  private final Map<String, PlayedInstance> instances = new ConcurrentHashMap<>();
  private final Map<String, PlayedImage> images = new ConcurrentHashMap<>();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private volatile UnaryOperator<MachineSpec> change = UnaryOperator.identity();
  private volatile Duration roundTrip = Duration.ZERO;

  /**
   * @param folder for what is theirs
   * @param commands reach those that stand in for Windows ones
   */
  MotoMachines(MotoAmended.Moto moto, Path folder, PlayedCommands commands) {
    this.moto = moto;
    this.folder = folder;
    this.commands = commands;
    images.put(AwsProxy.DEBIAN, new PlayedImage(List.of(), false));
    images.put(AwsProxy.WINDOWS, new PlayedImage(List.of(), true));
    commands.answer(this::runOnWindows);
  }

  /** Instances of that image are such machines. */
  void addImage(String id, PlayedImage image) {
    images.put(id, image);
  }

  /** An image of those that stand in for Windows ones, ready to build on. */
  PlayedImage readyWindows() {
    Path layer = folder.resolve("ready-windows-" + images.size());
    WindowsStandIn.makeReadyLayer(layer);
    return new PlayedImage(List.of(layer), true);
  }

  /** What scripts do on those that stand in for Windows ones. */
  WindowsBehaviour behaviour() {
    return behaviour;
  }

  private CommandOutcome runOnWindows(SentCommand sent) {
    WindowsStandIn windows = instance(sent.instanceId()).windows().orElseThrow();
    try {
      WindowsStandIn.Ended ended = windows.runAsSystem(sent.script());
      return CommandOutcome.exit(ended.exitCode(), ended.out(), ended.error());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whatever is launched from now on is changed so. */
  void change(UnaryOperator<MachineSpec> wanted) {
    change = wanted;
  }

  /** Those that are launched from now on are so far away, by SSH. */
  void areFar(Duration wanted) {
    roundTrip = wanted;
  }

  /** The machine that an instance is, once that is made. */
  Optional<PlayedInstance> find(String id) {
    return Optional.ofNullable(instances.get(id));
  }

  PlayedInstance instance(String id) {
    return find(id).orElseThrow(() -> new AssertionError("no machine is " + id));
  }

  @Override
  public ApiAnswer answer(ApiRequest request) throws IOException {
    notice(request);
    ApiAnswer answer = moto.answer(request);
    if (answer.status() != 200) {
      return answer;
    }
    return switch (action(request)) {
      case "ImportKeyPair" -> imported(request, answer);
      case "RunInstances" -> launched(request, answer);
      case "DescribeInstances" -> answer.withBody(InstanceItems.changed(answer.body(), this::show));
      case "TerminateInstances" -> terminated(answer);
      case "CreateImage" -> imageMade(request, answer);
      default -> answer;
    };
  }

  /** Its own, where it is another question to answer one. */
  private static String action(ApiRequest request) {
    return request.form().getOrDefault("Action", "");
  }

  /** EC2 comes to know of machines that have ended by themselves. */
  private void notice(ApiRequest request) throws IOException {
    if (!action(request).equals("DescribeInstances")) {
      return;
    }
    for (Map.Entry<String, PlayedInstance> entry : instances.entrySet()) {
      PlayedInstance instance = entry.getValue();
      if (instance.endIsNoticed()) {
        Map<String, String> id = Map.of("InstanceId.1", entry.getKey());
        commands.remove(entry.getKey());
        if (instance.endsAtShutdown()) {
          moto.answer(request.asking("TerminateInstances", id));
          instance.end();
        } else {
          moto.answer(request.asking("StopInstances", id));
        }
      }
    }
  }

  private ApiAnswer imported(ApiRequest request, ApiAnswer answer) {
    byte[] line = Base64.getDecoder().decode(request.form().get("PublicKeyMaterial"));
    keys.put(request.form().get("KeyName"), new String(line, StandardCharsets.UTF_8).strip());
    return answer;
  }

  private ApiAnswer launched(ApiRequest request, ApiAnswer answer) throws IOException {
    PlayedImage image = images.get(request.form().get("ImageId"));
    if (image != null) {
      for (String id : MotoAmended.instances(answer)) {
        MachineSpec spec = spec(request, id, image).layers(image.layers());
        TestMachine machine = TestMachine.begin(change.apply(spec), folder.resolve(id));
        PlayedInstance instance =
            new PlayedInstance(
                machine,
                image,
                "terminate".equals(request.form().get("InstanceInitiatedShutdownBehavior")));
        instances.put(id, instance);
        if (image.windows()) {
          beginWindows(id, instance, hasProfile(request));
        }
        InetSocketAddress ssh = new InetSocketAddress(machine.address(), SSH);
        if (!roundTrip.isZero()) {
          instance.isBehind(SlowLink.withAddress(ssh, roundTrip));
        }
      }
    }
    return answer;
  }

  private static boolean hasProfile(ApiRequest request) {
    return request.form().keySet().stream().anyMatch(it -> it.startsWith("IamInstanceProfile."));
  }

  /**
   * @param allowed whether the agent may tell Systems Manager of itself, once it is there
   */
  private void beginWindows(String id, PlayedInstance instance, boolean allowed) {
    TestMachine machine = instance.machine();
    WindowsStandIn.Agent agent =
        online -> {
          if (online) {
            commands.putOnline(id);
          } else {
            commands.loseConnection(id);
          }
        };
    WindowsStandIn windows = new WindowsStandIn(machine, behaviour, agent);
    instance.isWindows(windows);
    CompletableFuture<Void> unused =
        allowed ? machine.up().thenRun(() -> agent.isOnline(true)) : machine.up();
    unused = machine.ended().thenRun(() -> commands.loseConnection(id)).thenRun(windows::end);
  }

  private MachineSpec spec(ApiRequest request, String id, PlayedImage image) throws IOException {
    Map<String, String> form = request.form();
    byte[] userData = Base64.getDecoder().decode(form.getOrDefault("UserData", ""));
    MachineSpec spec =
        (image.windows() ? MachineSpec.windows() : MachineSpec.debian())
            .instance(id)
            .userData(new String(userData, StandardCharsets.UTF_8));
    Optional.ofNullable(keys.get(form.getOrDefault("KeyName", ""))).ifPresent(spec::keyPair);
    Map<String, Integer> sizes = gib(form);
    ApiAnswer described =
        moto.answer(request.asking("DescribeInstances", Map.of("InstanceId.1", id)));
    InstanceItems.disksBesideRoot(described.body())
        .forEach(
            (device, volume) ->
                spec.disk(volume.replace("-", ""), sizes.getOrDefault(device, 8) * 1024));
    return spec;
  }

  private static Map<String, Integer> gib(Map<String, String> form) {
    Map<String, Integer> sizes = new HashMap<>();
    form.forEach(
        (field, device) -> {
          Matcher mapping = DEVICE.matcher(field);
          String size = form.get(field.replace("DeviceName", "Ebs.VolumeSize"));
          if (mapping.matches() && size != null) {
            sizes.put(device, Integer.valueOf(size));
          }
        });
    return sizes;
  }

  /** Waits until they are gone, so that nobody has to look twice. */
  private ApiAnswer terminated(ApiAnswer answer) {
    List<String> ids = MotoAmended.instances(answer);
    ids.forEach(commands::remove);
    List<PlayedInstance> ending =
        ids.stream().flatMap(id -> Stream.ofNullable(instances.get(id))).toList();
    ending.forEach(PlayedInstance::end);
    ending.forEach(PlayedInstance::awaitEnd);
    return answer;
  }

  private ApiAnswer imageMade(ApiRequest request, ApiAnswer answer) {
    PlayedInstance instance = instances.get(request.form().get("InstanceId"));
    Matcher image = IMAGE.matcher(answer.body());
    if (instance != null && image.find()) {
      Path layer = folder.resolve(image.group(1));
      instance.machine().copyLayer(layer);
      addImage(image.group(1), instance.image().with(layer));
    }
    return answer;
  }

  private void show(String id, Element item) {
    PlayedInstance instance = instances.get(id);
    if (instance == null) {
      return;
    }
    if (instance.image().windows()) {
      InstanceItems.set(item, "platform", "windows");
    }
    if (instance.isEnding()) {
      boolean gone = instance.isGone();
      InstanceItems.set(item, "instanceState/code", gone ? "48" : "32");
      InstanceItems.set(item, "instanceState/name", gone ? "terminated" : "shutting-down");
      String reason = instance.reason();
      InstanceItems.set(item, "stateReason/code", reason.replaceFirst("(?s):.*", ""));
      InstanceItems.set(item, "stateReason/message", reason);
    } else {
      InstanceItems.set(item, "ipAddress", instance.address());
    }
  }

  /** Ends all machines; fails if one could not boot, which EC2 would never tell. */
  void close() {
    instances.values().forEach(PlayedInstance::end);
    instances.values().forEach(PlayedInstance::awaitEnd);
    instances.forEach(
        (id, instance) ->
            instance
                .machine()
                .bootFailure()
                .ifPresent(
                    why -> {
                      throw new AssertionError(id + " could not boot: " + why);
                    }));
  }
}
