package hgauto.task;

import hgauto.aws.inventory.Prices;
import hgauto.aws.lease.LaunchTerms;
import hgauto.linux.Distro;
import hgauto.linux.Ec2Workers;
import hgauto.linux.LinuxImages;
import hgauto.machine.SshAddress;
import hgauto.suite.MachineTime;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What tests are to run on. */
public sealed interface TestMachines {
  /** How many. */
  int count();

  /** Whose test times are like each other's: in the name of a file. */
  String kind();

  /**
   * What they cost, in US dollars; empty where that is not known, or nobody's business.
   *
   * @param secondDisk whether they have a disk for /hgwork
   * @param forImage one on which an image was made, without that disk
   */
  Optional<Double> dollars(
      boolean secondDisk, List<MachineTime> machines, Optional<MachineTime> forImage);

  /**
   * Machines that are there already.
   *
   * @param addresses at least one
   * @param knownHosts the file with their keys
   */
  record Hosts(List<SshAddress> addresses, Path knownHosts) implements TestMachines {
    /** Keeps a copy. */
    public Hosts {
      addresses = List.copyOf(addresses);
    }

    @Override
    public int count() {
      return addresses.size();
    }

    @Override
    public String kind() {
      return "host";
    }

    @Override
    public Optional<Double> dollars(
        boolean secondDisk, List<MachineTime> machines, Optional<MachineTime> forImage) {
      return Optional.empty();
    }
  }

  /**
   * Machines that are launched for it.
   *
   * @param type such as {@code c7i.8xlarge}; others that do as well are taken where there is no
   *     room
   * @param spot whether to take spare capacity, which costs less and may be taken back
   */
  record Ec2(Distro distro, String type, int count, boolean spot, LaunchTerms terms)
      implements TestMachines {
    @Override
    public String kind() {
      return distro.name();
    }

    /** The disks of one. */
    int diskGib(boolean secondDisk) {
      return LinuxImages.DISK_GIB + (secondDisk ? Ec2Workers.SECOND_GIB : 0);
    }

    @Override
    public Optional<Double> dollars(
        boolean secondDisk, List<MachineTime> machines, Optional<MachineTime> forImage) {
      return dollars(secondDisk, machines)
          .flatMap(tests -> dollars(false, forImage.stream().toList()).map(image -> tests + image));
    }

    private Optional<Double> dollars(boolean secondDisk, List<MachineTime> machines) {
      Prices prices = new Prices();
      return MachineCost.of(machines, type, each -> prices.perHour(each, diskGib(secondDisk)));
    }
  }
}
