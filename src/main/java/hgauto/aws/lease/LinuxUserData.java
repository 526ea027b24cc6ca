package hgauto.aws.lease;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * A cloud-config of cloud-init, written as JSON, which is YAML. At every boot it sees to it that
 * the machine powers itself off at its expiry. What it sets up is gone with the boot, so an image
 * of the machine has nothing of it; cloud-init acts on the user data of the instance that it runs
 * in.
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
    JsonArray command = new JsonArray();
    List.of(
            "sh",
            "-c",
            Script.read("end-at-expiry.sh"),
            "end-at-expiry",
            Long.toString(expires.getEpochSecond()))
        .forEach(command::add);
    JsonArray commands = new JsonArray();
    commands.add(command);
    JsonObject whole = config.deepCopy();
    whole.add("bootcmd", commands);
    return "#cloud-config\n" + whole + "\n";
  }
}
