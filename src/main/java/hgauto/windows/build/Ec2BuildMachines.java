package hgauto.windows.build;

import hgauto.aws.image.MachineImage;
import hgauto.aws.lease.InstanceTypes;
import hgauto.windows.Ec2WindowsMachines;
import hgauto.windows.WindowsImages;
import java.nio.file.Path;

/** Launches machines in EC2 that build packages. */
public final class Ec2BuildMachines implements BuildMachines {
  /** What they are; another like it where there is no room. */
  public static final String TYPE = WindowsImages.TYPE;

  private final Ec2WindowsMachines machines;
  private final MachineImage image;
  private final Path keyFile;

  /**
   * @param image of ours
   * @param keyFile the private key that opens them
   */
  public Ec2BuildMachines(Ec2WindowsMachines machines, MachineImage image, Path keyFile) {
    this.machines = machines;
    this.image = image;
    this.keyFile = keyFile;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public BuildMachine open(int number) throws InterruptedException {
    return new Ec2BuildMachine(
        machines.launch(
            new Ec2WindowsMachines.Wanted(
                image, InstanceTypes.orSimilar(TYPE), WindowsImages.DISK_GIB)),
        keyFile);
  }
}
