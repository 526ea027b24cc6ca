package hgauto.testbed.machine;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a {@link TestMachine} is to be like; {@code machine.py} reads the fields. */
@SuppressWarnings("UnusedVariable") // machine.py reads them
public final class MachineSpec {
  private record VolumeOfSpec(String serial, int mib) {}

  private final List<VolumeOfSpec> disks = new ArrayList<>();
  private final List<String> layers = new ArrayList<>();
  private final List<String> without = new ArrayList<>();
  private final List<String> publicKeys = new ArrayList<>();
  private final List<String> script = new ArrayList<>();
  private final Map<String, String> binds = new LinkedHashMap<>();
  private String instance = "i-0" + UUID.randomUUID().toString().replace("-", "").substring(16);
  private String userData = "";
  private int ownMib;
  private boolean otherHostKey;
  private boolean sshd = true;
  private boolean windows;

  private MachineSpec() {}

  /**
   * As Debian's image for EC2 is: there is only the user {@code admin}. What the machine that tests
   * run on has installed is installed there.
   */
  public static MachineSpec debian() {
    return new MachineSpec();
  }

  /**
   * One that stands in for a Windows machine ({@code ec2launch.py}); it has no SSH server until
   * {@link hgauto.testbed.windows.WindowsStandIn} starts one.
   */
  public static MachineSpec windows() {
    MachineSpec spec = new MachineSpec();
    spec.windows = true;
    spec.sshd = false;
    return spec;
  }

  /**
   * As an image of ours is: it meets {@code docs/remote-machines.md}, as far as a Debian does by
   * its own packages. Its one Python is Debian's.
   */
  public static MachineSpec ready() {
    return debian().layers(readyLayers());
  }

  /** What {@link #ready} has over Debian. */
  public static List<Path> readyLayers() {
    return List.of(ReadyImage.layer());
  }

  /**
   * A ready one that is open to that key, as {@code hg} and as {@code admin}, with an empty second
   * disk of 8 GiB: enough for most tests.
   */
  public static MachineSpec readyFor(String publicLine) {
    return ready().keyPair(publicLine).userData(openTo(publicLine)).disk("vol0123456789abcdef0");
  }

  /** User data by which the key opens {@code hg}; and only the host key is made that is fast. */
  private static String openTo(String publicLine) {
    JsonArray keys = new JsonArray();
    keys.add(publicLine);
    JsonArray kinds = new JsonArray();
    kinds.add("ed25519");
    JsonObject user = new JsonObject();
    user.addProperty("name", "hg");
    user.add("ssh_authorized_keys", keys);
    JsonArray users = new JsonArray();
    users.add("default");
    users.add(user);
    JsonObject config = new JsonObject();
    config.add("users", users);
    config.add("ssh_genkeytypes", kinds);
    return "#cloud-config\n" + config + "\n";
  }

  /** The instance's id, which its firmware says. */
  public MachineSpec instance(String id) {
    instance = id;
    return this;
  }

  /** The layers of its image, the topmost first. */
  public MachineSpec layers(List<Path> folders) {
    layers.clear();
    folders.forEach(folder -> layers.add(folder.toString()));
    return this;
  }

  /** The public half of EC2's key pair, for the image's own user. */
  public MachineSpec keyPair(String publicLine) {
    publicKeys.add(publicLine);
    return this;
  }

  /** For cloud-init: a {@code #cloud-config}. */
  public MachineSpec userData(String text) {
    userData = text;
    return this;
  }

  /** One more disk, of 8 GiB; as far as nothing is written on it, it takes no room. */
  public MachineSpec disk(String serial) {
    return disk(serial, 8 * 1024);
  }

  /** One more disk. */
  public MachineSpec disk(String serial, int mib) {
    disks.add(new VolumeOfSpec(serial, mib));
    return this;
  }

  /** No disk but the system's. */
  public MachineSpec withoutDisk() {
    disks.clear();
    return this;
  }

  /** So much can be written on its system's disk; then it is full. */
  public MachineSpec roomFor(int mib) {
    ownMib = mib;
    return this;
  }

  /** Without that file or folder, such as {@code /usr/sbin/mkfs.xfs}. */
  public MachineSpec without(String path) {
    without.add(path);
    return this;
  }

  /** Its host key is another than the user data says. */
  public MachineSpec withOtherHostKey() {
    otherHostKey = true;
    return this;
  }

  /** Connections are refused until {@link TestMachine#startSshd}. */
  public MachineSpec sshdLater() {
    sshd = false;
    return this;
  }

  /** Shows that folder of this machine at a path there, to be read. */
  public MachineSpec bind(Path folder, String path) {
    binds.put(path, folder.toString());
    return this;
  }

  /** It is up once this has run, as root; without sshd. */
  MachineSpec script(List<String> argv) {
    script.addAll(argv);
    sshd = false;
    return this;
  }

  String json() {
    return new Gson().toJson(this);
  }
}
