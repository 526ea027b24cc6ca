package hgauto.windows;

import hgauto.aws.Account;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.WindowsBase;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.Ec2Machine;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.LaunchSettings;
import hgauto.aws.lease.Lease;
import hgauto.aws.lease.Leases;
import hgauto.aws.lease.WindowsUserData;
import hgauto.aws.ssm.ManagedInstances;
import hgauto.aws.ssm.RunCommand;
import hgauto.machine.SshMachine;
import hgauto.poll.Poll;
import java.util.List;
import java.util.function.Consumer;

/**
 * Launches Windows machines and opens them. What each has of this person, the key that opens it, it
 * gets after its launch, by Systems Manager. Safe for use by several threads.
 */
public final class Ec2WindowsMachines {
  /**
   * A machine that is wanted.
   *
   * @param image to launch it from, of Amazon's or of ours
   * @param types instance types; each is tried when there is no room for those before it
   * @param diskGib the size of its one disk
   * @param spot whether to take spare capacity, which is cheaper and may be taken back at any time
   */
  public record Wanted(MachineImage image, List<String> types, int diskGib, boolean spot) {
    /** Not of spare capacity. */
    public Wanted(MachineImage image, List<String> types, int diskGib) {
      this(image, types, diskGib, false);
    }
  }

  private final Account account;
  private final Leases leases;
  private final LaunchSettings settings;
  private final Poll poll;
  private final Consumer<String> told;

  /**
   * @param settings with an instance profile, which the agent of Systems Manager needs
   * @param told is given sentences for a person, by several threads
   */
  public Ec2WindowsMachines(
      Account account, Leases leases, LaunchSettings settings, Poll poll, Consumer<String> told) {
    this.account = account;
    this.leases = leases;
    this.settings = settings;
    this.poll = poll;
    this.told = told;
  }

  /**
   * Launches a machine, and waits until it is open: five minutes at most until it runs, fifteen
   * until its agent is online, and twenty until it accepts SSH. If that fails, or AWS ends it
   * meanwhile, it is ended.
   *
   * @return to be closed by the caller
   * @throws hgauto.error.EnvironmentException if it cannot be launched or reached
   */
  public WindowsMachine launch(Wanted wanted) throws InterruptedException {
    Lease lease = leases.launch(request(wanted));
    try {
      SystemScripts system = SystemScripts.on(lease, new RunCommand(account, poll));
      WindowsLogin login =
          new WindowsLogin(
              lease, new ManagedInstances(account, poll), system, settings.key(), poll, told);
      SshMachine ssh = login.open();
      Ec2Machine machine =
          new Ec2Machine(lease, ssh, settings.keyFile(), settings.terms().keepOnFailure(), told);
      return new WindowsMachine(machine, login, system, poll);
    } catch (InterruptedException | RuntimeException | Error e) {
      try (lease) {
        throw e;
      }
    }
  }

  private LaunchRequest request(Wanted wanted) {
    return new LaunchRequest(
        WindowsBase.OUR_NAME,
        wanted.image().id(),
        wanted.types(),
        settings.ensured().keyName(),
        List.of(settings.ensured().securityGroupId()),
        settings.ensured().profileName(),
        settings.terms().subnetId(),
        wanted.spot(),
        List.of(new Disk(wanted.image().rootDevice(), wanted.diskGib())),
        settings.terms().maxLifetime(),
        new WindowsUserData());
  }
}
