package hgauto.aws.lease;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import hgauto.resource.Resource;
import java.time.Instant;
import java.util.List;

/**
 * A cloud-config of cloud-init, written as JSON, which is YAML. It sees to it that the machine
 * powers itself off at its expiry, and leaves a systemd unit that does so at every later boot, when
 * the machine may no longer get its user data (see {@link Lease#turnOffMetadata}). On a machine
 * that is started from an image of this one, the unit does nothing but remove itself. It knows the
 * machine by what its firmware says: on Nitro that is the instance's id.
 */
public final class LinuxUserData implements UserData {
  private final JsonObject config = new JsonObject();

  /** Adds something that cloud-init knows, such as {@code ssh_keys}; {@code bootcmd} is ours. */
  public LinuxUserData with(String key, JsonElement value) {
    config.add(key, value);
    return this;
  }

  @Override
  public String until(Instant expires) {
    String time = Long.toString(expires.getEpochSecond());
    String end = Resource.text(LinuxUserData.class, "end-at-expiry.sh");
    JsonArray commands = new JsonArray(); // one goes by itself, though the other fails
    commands.add(command(end, "end-at-expiry", time));
    commands.add(
        command(
            Resource.text(LinuxUserData.class, "end-at-every-boot.sh"),
            "end-at-every-boot",
            time,
            end));
    JsonObject whole = config.deepCopy();
    whole.add("bootcmd", commands);
    return "#cloud-config\n" + whole + "\n";
  }

  private static JsonArray command(String script, String... nameAndArguments) {
    JsonArray command = new JsonArray();
    List.of("sh", "-c", script).forEach(command::add);
    List.of(nameAndArguments).forEach(command::add);
    return command;
  }
}
