package hgauto.task;

import hgauto.aws.inventory.Prices;
import hgauto.aws.lease.LaunchTerms;
import hgauto.linux.Distro;
import hgauto.linux.Ec2Workers;
import hgauto.linux.LinuxImages;
import hgauto.machine.SshAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What tests are to run on. */
public sealed interface TestMachines {
  /** How many. */
  int count();

  /** Whose test times are like each other's: in the name of a file. */
  String kind();

  /** What they cost, in US dollars; empty where that is not known, or nobody's business. */
  Optional<Double> dollars(boolean secondDisk, List<Duration> lifetimes);

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
    public Optional<Double> dollars(boolean secondDisk, List<Duration> lifetimes) {
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

    /** By the price on demand; AWS bills by the second. */
    @Override
    public Optional<Double> dollars(boolean secondDisk, List<Duration> lifetimes) {
      long seconds = lifetimes.stream().mapToLong(Duration::toSeconds).sum();
      int gib = LinuxImages.DISK_GIB + (secondDisk ? Ec2Workers.SECOND_GIB : 0);
      return new Prices()
          .perHour(type, gib)
          .map(dollars -> dollars * seconds / Duration.ofHours(1).toSeconds());
    }
  }
}
