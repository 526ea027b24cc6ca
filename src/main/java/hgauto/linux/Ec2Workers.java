package hgauto.linux;

import hgauto.aws.image.MachineImage;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.Ec2Machine;
import hgauto.error.EnvironmentException;
import hgauto.machine.SshAddress;
import hgauto.machine.SshMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Machines of EC2, launched from our image. */
public final class Ec2Workers implements Workers {
  /** By convention: what Linux calls it is up to the machine. */
  private static final String SECOND_DISK = "/dev/sdb";

  /** Room for a copy of the source, what is built of it, and what tests write. */
  public static final int SECOND_GIB = 8;

  private final Ec2Machines machines;
  private final Ec2Machines.Wanted wanted;
  private final boolean secondDisk;

  /**
   * @param image of ours
   * @param types instance types; each is tried when there is no room for those before it
   * @param spot whether to take spare capacity
   * @param secondDisk whether they have a disk for /hgwork beside that of the system
   */
  public Ec2Workers(
      Ec2Machines machines,
      MachineImage image,
      List<String> types,
      boolean spot,
      boolean secondDisk) {
    this.machines = machines;
    this.secondDisk = secondDisk;
    List<Disk> disks = new ArrayList<>();
    disks.add(new Disk(image.rootDevice(), image.rootGib()));
    if (secondDisk) {
      disks.add(new Disk(SECOND_DISK, SECOND_GIB));
    }
    this.wanted = new Ec2Machines.Wanted(image, SshAddress.USER, types, spot, disks);
  }

  /**
   * Launches one. What it runs is not trusted, so it cannot ask the metadata service for anything.
   */
  @Override
  public Worker open(int number) throws InterruptedException {
    Ec2Machine machine = machines.launch(wanted);
    try {
      machine.lease().turnOffMetadata();
      return new Ec2Worker(machine, diskSerial(machine));
    } catch (RuntimeException | Error e) {
      try (machine) {
        throw e;
      }
    }
  }

  /** On Nitro, whose disks are NVMe's, it is the volume's id without the dash. */
  private Optional<String> diskSerial(Ec2Machine machine) {
    if (!secondDisk) {
      return Optional.empty();
    }
    return Optional.of(
        machine
            .lease()
            .volumeId(SECOND_DISK)
            .map(id -> id.replace("-", ""))
            .orElseThrow(
                () ->
                    new EnvironmentException(
                        "cannot tell which disk of " + machine + " is for /hgwork",
                        "EC2 does not say which volume is its " + SECOND_DISK,
                        "Run the command again, or use --filesystem default.")));
  }

  private record Ec2Worker(Ec2Machine machine, Optional<String> diskSerial) implements Worker {
    @Override
    public String name() {
      return machine.toString();
    }

    @Override
    public Optional<String> instanceType() {
      return machine.lease().instanceType();
    }

    @Override
    public SshMachine ssh() {
      return machine.ssh();
    }

    @Override
    public void succeeded() {
      machine.succeeded();
    }

    @Override
    public void close() {
      machine.close();
    }
  }
}
