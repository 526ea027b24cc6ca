package hgauto.windows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.gson.JsonObject;
import hgauto.aws.image.ImageFingerprint;
import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.OwnImages;
import hgauto.aws.image.PublicImages;
import hgauto.aws.image.WindowsBase;
import hgauto.aws.lease.InstanceTypes;
import hgauto.error.RemoteWorkException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Our images of Windows: finds them, and makes them, each on a machine of its own that is ended
 * then. Those for different revisions of Mercurial stand side by side.
 */
public final class WindowsImages {
  /**
   * What images are made on, and packages. The t3.medium of automation.py costs more for a compiler
   * that is always busy: what it does beyond a fifth of its processors is billed on top, and more
   * than all else; and PyOxidizer links in its 4 GiB. Mercurial's later script has m6i.large, too.
   */
  public static final String TYPE = "m6i.large";

  /** Of the only disk: Windows, Visual Studio's build tools, a dozen Pythons, Rust, a clone. */
  public static final int DISK_GIB = 50;

  private static final WindowsScript OPENING = WindowsScript.named("enable-openssh.ps1");
  private static final WindowsScript BOOTSTRAP = WindowsScript.named("bootstrap-windows.ps1");
  private static final WindowsScript SEALING = WindowsScript.named("seal-image.ps1");

  /** As the script calls it, and as SFTP does. */
  private static final String FOLDER = "C:\\hgdev\\bootstrap";

  private static final String SFTP_FOLDER = "/C:/hgdev/bootstrap";

  /** The script's exit code that asks for a restart, and to be run again. */
  private static final int NEEDS_RESTART = 350;

  private static final int MOST_RESTARTS = 3;
  private static final Duration BOOTSTRAP_AT_MOST = Duration.ofHours(3);
  private static final Duration SEALING_AT_MOST = Duration.ofMinutes(10);

  private final PublicImages published;
  private final OwnImages own;
  private final Ec2WindowsMachines machines;
  private final WindowsDependencies dependencies;

  /**
   * @param published finds what they are made of
   * @param own finds and makes them
   * @param machines launches what they are made on
   * @param dependencies install what Mercurial is built with
   */
  public WindowsImages(
      PublicImages published,
      OwnImages own,
      Ec2WindowsMachines machines,
      WindowsDependencies dependencies) {
    this.published = published;
    this.own = own;
    this.machines = machines;
    this.dependencies = dependencies;
  }

  /** The image that was made of that series with the same files, if there is one. */
  public static Optional<MachineImage> find(
      OwnImages own, ImageSeries base, WindowsDependencies dependencies)
      throws InterruptedException {
    return own.find(WindowsBase.OUR_NAME, fingerprint(base, dependencies));
  }

  /**
   * Makes it, which takes about an hour.
   *
   * @param output gets what the machine prints, as it comes
   * @param launched is given the machine's instance type, which is another than {@link #TYPE} where
   *     there was no room for that
   * @throws RemoteWorkException if the machine could not be made ready; the output says why
   * @throws hgauto.error.EnvironmentException if it could not be had or reached, or the image could
   *     not be made
   */
  public MachineImage build(ImageSeries base, OutputStream output, Consumer<String> launched)
      throws InterruptedException {
    MachineImage image = published.newest(base);
    Ec2WindowsMachines.Wanted wanted =
        new Ec2WindowsMachines.Wanted(image, InstanceTypes.orSimilar(TYPE), DISK_GIB);
    try (WindowsMachine machine = machines.launch(wanted)) {
      machine.lease().instanceType().ifPresent(launched);
      bootstrap(machine, output);
      machine.succeeded(); // from here on no key opens it, so it is of no use to keep it
      machine.ask(SEALING, folder(), SEALING_AT_MOST);
      return own.make(machine.lease().id(), WindowsBase.OUR_NAME, fingerprint(base, dependencies));
    }
  }

  /** Makes that machine one of ours. */
  void bootstrap(WindowsMachine machine, OutputStream output) throws InterruptedException {
    machine.ssh().makeFolder(SFTP_FOLDER);
    for (Map.Entry<String, byte[]> file : dependencies.contents().entrySet()) {
      machine.ssh().put(file.getValue(), SFTP_FOLDER + "/" + file.getKey(), 0644);
    }
    int code = machine.run(BOOTSTRAP, folder(), output, BOOTSTRAP_AT_MOST);
    for (int count = 0; code == NEEDS_RESTART && count < MOST_RESTARTS; count++) {
      machine.restart();
      code = machine.run(BOOTSTRAP, folder(), output, BOOTSTRAP_AT_MOST);
    }
    if (code != 0) {
      throw new RemoteWorkException(
          "could not make a Windows machine ready",
          code == NEEDS_RESTART
              ? "it still asks for a restart after " + MOST_RESTARTS + " of them"
              : "its script ended with " + code + "; what it printed says why",
          "Mend what it says and run the command again, with --keep-on-failure to look at the"
              + " machine then.");
    }
  }

  private static JsonObject folder() {
    JsonObject values = new JsonObject();
    values.addProperty("folder", FOLDER);
    return values;
  }

  /** Of all that leaves something in the image. */
  static String fingerprint(ImageSeries base, WindowsDependencies dependencies) {
    ImageFingerprint fingerprint =
        new ImageFingerprint(base.name(), base.owner() + "/" + base.namePattern(), DISK_GIB);
    for (WindowsScript script : List.of(OPENING, BOOTSTRAP, SEALING)) {
      fingerprint.file(script.name(), script.text().getBytes(US_ASCII));
    }
    dependencies.contents().forEach(fingerprint::file);
    return fingerprint.hex();
  }
}
