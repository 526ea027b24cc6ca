package hgauto.linux;

import hgauto.aws.image.MachineImage;
import hgauto.aws.image.OwnImages;
import hgauto.aws.image.PublicImages;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.Ec2Machine;
import hgauto.aws.lease.InstanceTypes;
import hgauto.error.RemoteWorkException;
import hgauto.machine.Command;
import hgauto.machine.SshMachine;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Our images of Linux: finds them, and makes them, each on a machine of its own that is ended then.
 */
public final class LinuxImages {
  /** What images are made on: Pythons are built on all processors at once. */
  public static final String TYPE = "t3.2xlarge";

  /** Of the only disk. */
  public static final int DISK_GIB = 20;

  private static final Duration SHORT = Duration.ofMinutes(5);
  private static final Duration BOOTSTRAP_AT_MOST = Duration.ofHours(2);

  private final PublicImages published;
  private final OwnImages own;
  private final Ec2Machines machines;
  private final BootstrapFiles files;

  /**
   * @param published finds what they are made of
   * @param own finds and makes them
   * @param machines launches what they are made on
   */
  public LinuxImages(
      PublicImages published, OwnImages own, Ec2Machines machines, BootstrapFiles files) {
    this.published = published;
    this.own = own;
    this.machines = machines;
    this.files = files;
  }

  /** The image of that distribution that was made with those very files, if there is one. */
  public static Optional<MachineImage> find(OwnImages own, Distro distro, BootstrapFiles files)
      throws InterruptedException {
    return own.find(distro.imageName(), files.fingerprint(distro, DISK_GIB));
  }

  /**
   * Makes it, which takes about twenty minutes.
   *
   * @param output gets what the machine prints, as it comes
   * @param launched is given the machine's instance type, which is another than {@link #TYPE} where
   *     there was no room for that
   * @throws RemoteWorkException if the machine could not be made ready; the output says why
   * @throws hgauto.error.EnvironmentException if it could not be had or reached, or the image could
   *     not be made
   */
  public MachineImage build(Distro distro, OutputStream output, Consumer<String> launched)
      throws InterruptedException {
    MachineImage base = published.newest(distro.series());
    Ec2Machines.Wanted wanted =
        new Ec2Machines.Wanted(
            base,
            distro.login(),
            InstanceTypes.orSimilar(TYPE),
            false,
            List.of(new Disk(base.rootDevice(), DISK_GIB)));
    try (Ec2Machine machine = machines.launch(wanted)) {
      machine.lease().instanceType().ifPresent(launched);
      String folder = bootstrap(machine.ssh(), distro, output);
      machine.succeeded(); // from here on no key opens it, so it is of no use to keep it
      clean(machine.ssh(), distro, folder, output);
      return own.make(
          machine.lease().id(), distro.imageName(), files.fingerprint(distro, DISK_GIB));
    }
  }

  /**
   * Makes that machine one of ours.
   *
   * @return the folder there that {@link #clean} needs and removes
   */
  String bootstrap(SshMachine ssh, Distro distro, OutputStream output) throws InterruptedException {
    String folder =
        ssh.ask(
                "make a folder for what the machine is made ready with",
                Command.of("mktemp", "-d", "/var/tmp/hgauto-bootstrap.XXXXXX"),
                SHORT)
            .strip();
    for (Map.Entry<String, byte[]> file : files.contents().entrySet()) {
      ssh.put(file.getValue(), folder + "/" + file.getKey(), 0644);
    }
    List<String> script = new ArrayList<>(List.of(folder + "/bootstrap.sh", folder));
    script.addAll(distro.packages());
    script.add("--");
    script.addAll(distro.wanted());
    run(
        ssh,
        script,
        BOOTSTRAP_AT_MOST,
        output,
        "make a machine of " + distro.name() + " ready",
        "Mend what it says and run the command again, with --keep-on-failure to look at the"
            + " machine then.");
    return folder;
  }

  /** Removes what must not be in an image, such as the keys that open the machine. */
  void clean(SshMachine ssh, Distro distro, String folder, OutputStream output)
      throws InterruptedException {
    run(
        ssh,
        List.of(folder + "/clean-image.sh", distro.login(), folder),
        SHORT,
        output,
        "clean a machine of " + distro.name(),
        "Mend what it says and run the command again.");
  }

  private static void run(
      SshMachine ssh,
      List<String> script,
      Duration atMost,
      OutputStream output,
      String purpose,
      String next)
      throws InterruptedException {
    List<String> argv = new ArrayList<>(List.of("sudo", "-n", "bash"));
    argv.addAll(script);
    int code = ssh.run(Command.of(argv.toArray(String[]::new)), output, output, atMost);
    if (code != 0) {
      throw new RemoteWorkException(
          "could not " + purpose,
          "its script ended with " + code + "; what it printed says why",
          next);
    }
  }
}
