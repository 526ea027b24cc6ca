package hgauto.linux;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import hgauto.aws.image.MachineImage;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.Ec2Machine;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.LaunchSettings;
import hgauto.aws.lease.Lease;
import hgauto.aws.lease.Leases;
import hgauto.aws.lease.LinuxUserData;
import hgauto.machine.HostKeys;
import hgauto.machine.LaunchHostKey;
import hgauto.machine.SshAddress;
import hgauto.machine.SshMachine;
import hgauto.poll.Poll;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Launches Linux machines and connects to them. Each shows a host key that was made for this one
 * launch, so that the first connection is verified already. Safe for use by several threads.
 */
public final class Ec2Machines {
  /** The tag Name of the machines. */
  public static final String NAME = "hg-linux-dev";

  private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(5);

  /**
   * A machine that is wanted.
   *
   * @param image to launch it from
   * @param login whom to log in as: {@code hg} in images of ours, who gets our key at the launch;
   *     the publisher's account in others
   * @param types instance types; each is tried when there is no room for those before it
   * @param spot whether to take spare capacity, which is cheaper and may be taken back at any time
   * @param disks the one of the system, and more
   */
  public record Wanted(
      MachineImage image, String login, List<String> types, boolean spot, List<Disk> disks) {}

  private final Leases leases;
  private final LaunchSettings settings;
  private final Poll poll;
  private final Consumer<String> told;

  /**
   * @param told is given sentences for a person, by several threads
   */
  public Ec2Machines(Leases leases, LaunchSettings settings, Poll poll, Consumer<String> told) {
    this.leases = leases;
    this.settings = settings;
    this.poll = poll;
    this.told = told;
  }

  /**
   * Launches a machine, waits until it runs, five minutes at most, and connects to it, for which it
   * has five minutes more. If that fails, or AWS ends it meanwhile, it is ended.
   *
   * @return to be closed by the caller
   * @throws hgauto.error.EnvironmentException if it cannot be launched or reached
   */
  public Ec2Machine launch(Wanted wanted) throws InterruptedException {
    LaunchHostKey hostKey = LaunchHostKey.generate();
    Lease lease = leases.launch(request(wanted, hostKey));
    try {
      SshAddress address = new SshAddress(wanted.login(), lease.awaitRunning(), SshAddress.PORT);
      SshMachine ssh =
          SshMachine.await(
              new SshMachine.Starting(
                  lease.toString(), () -> lease.assureNotEnded("it accepted SSH")),
              address,
              new HostKeys.Pinned(List.of(hostKey.publicLine())),
              settings.key(),
              poll,
              ANSWERS_WITHIN);
      return new Ec2Machine(lease, ssh, settings.keyFile(), settings.terms().keepOnFailure(), told);
    } catch (InterruptedException | RuntimeException | Error e) {
      try (lease) {
        throw e;
      }
    }
  }

  private LaunchRequest request(Wanted wanted, LaunchHostKey hostKey) {
    return new LaunchRequest(
        NAME,
        wanted.image().id(),
        wanted.types(),
        settings.ensured().keyName(),
        List.of(settings.ensured().securityGroupId()),
        Optional.empty(),
        settings.terms().subnetId(),
        wanted.spot(),
        wanted.disks(),
        settings.terms().maxLifetime(),
        userData(wanted.login(), hostKey));
  }

  /** See cloud-init's modules ssh and users_groups; to an account that exists it adds the keys. */
  private LinuxUserData userData(String login, LaunchHostKey hostKey) {
    JsonObject hostKeys = new JsonObject();
    hostKeys.addProperty("ed25519_private", hostKey.privateText());
    hostKeys.addProperty("ed25519_public", hostKey.publicLine());
    LinuxUserData userData = new LinuxUserData().with("ssh_keys", hostKeys);
    if (login.equals(SshAddress.USER)) {
      JsonArray ours = new JsonArray();
      ours.add(settings.key().publicLine());
      JsonObject hg = new JsonObject();
      hg.addProperty("name", login);
      hg.add("ssh_authorized_keys", ours);
      JsonArray users = new JsonArray();
      users.add("default");
      users.add(hg);
      userData.with("users", users);
    }
    return userData;
  }
}
