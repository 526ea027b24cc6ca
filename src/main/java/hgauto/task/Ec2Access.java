package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.Owner;
import hgauto.aws.Parallel;
import hgauto.aws.ensure.Blueprint;
import hgauto.aws.ensure.CheckIp;
import hgauto.aws.ensure.Ensure;
import hgauto.aws.ensure.Ensured;
import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.OwnImages;
import hgauto.aws.image.PublicImages;
import hgauto.aws.lease.LaunchSettings;
import hgauto.aws.lease.LaunchTerms;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.console.Console;
import hgauto.linux.BootstrapFiles;
import hgauto.linux.Distro;
import hgauto.linux.Ec2Machines;
import hgauto.linux.LinuxImages;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.windows.Ec2WindowsMachines;
import hgauto.windows.WindowsDependencies;
import hgauto.windows.WindowsImages;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** A command's way to machines in EC2. */
final class Ec2Access {
  private final Console console;
  private final Account account;
  private final StateFolder state;
  private final Poll poll;
  private final LeaseJournal journal;
  private final String run;

  /**
   * @param command is in the id of the run, which machines bear as a tag
   */
  Ec2Access(Console console, Account account, StateFolder state, Poll poll, String command) {
    this.console = console;
    this.account = account;
    this.state = state;
    this.poll = poll;
    this.journal = new LeaseJournal(state.leases());
    this.run =
        command
            + "-"
            + Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-:]", "")
            + "-"
            + ProcessHandle.current().pid();
  }

  /** Launches Linux machines, in an account that is as they need it. */
  final class Open {
    private final LaunchSettings settings;

    private Open(LaunchSettings settings) {
      this.settings = settings;
    }

    /**
     * Launches machines.
     *
     * @param told is given sentences for a person, by several threads
     */
    Ec2Machines machines(Consumer<String> told) {
      return new Ec2Machines(leases(told), settings, poll, told);
    }

    /** Makes images on such machines. */
    LinuxImages images(BootstrapFiles files, Consumer<String> told) {
      return new LinuxImages(new PublicImages(account), ownImages(told), machines(told), files);
    }
  }

  /** Launches Windows machines, in an account that is as they need it. */
  final class OpenWindows {
    private final LaunchSettings settings;

    private OpenWindows(LaunchSettings settings) {
      this.settings = settings;
    }

    /**
     * Launches machines.
     *
     * @param told is given sentences for a person, by several threads
     */
    Ec2WindowsMachines machines(Consumer<String> told) {
      return new Ec2WindowsMachines(account, leases(told), settings, poll, told);
    }

    /** Makes images on such machines. */
    WindowsImages images(WindowsDependencies dependencies, Consumer<String> told) {
      return new WindowsImages(
          new PublicImages(account), ownImages(told), machines(told), dependencies);
    }
  }

  /**
   * Says whose account it is, and looks for images of Linux; nothing is changed there.
   *
   * @return those that are there, by the names of the distributions
   * @throws hgauto.error.UsageException if one is missing, and the machine that it would be made on
   *     would end before
   */
  Map<String, MachineImage> find(List<Distro> distros, BootstrapFiles files, LaunchTerms terms)
      throws InterruptedException {
    OwnImages own = look();
    List<Callable<Optional<MachineImage>>> looks = new ArrayList<>();
    distros.forEach(distro -> looks.add(() -> LinuxImages.find(own, distro, files)));
    List<Optional<MachineImage>> found = Parallel.all(looks);
    Map<String, MachineImage> images = new HashMap<>();
    for (int place = 0; place < distros.size(); place++) {
      String name = distros.get(place).name();
      found.get(place).ifPresent(image -> images.put(name, image));
    }
    if (images.size() < distros.size()) {
      ImageEstimate.LINUX.refuseShort(terms);
    }
    return images;
  }

  /**
   * The same for an image of Windows.
   *
   * @param base what it is made of
   * @throws hgauto.error.EnvironmentException if it is missing, and Amazon publishes no such base
   */
  Optional<MachineImage> find(ImageSeries base, WindowsDependencies dependencies, LaunchTerms terms)
      throws InterruptedException {
    Optional<MachineImage> found = WindowsImages.find(look(), base, dependencies);
    if (found.isEmpty()) {
      ImageEstimate.WINDOWS.refuseShort(terms);
      if (base.parameters().isEmpty()) { // else Amazon has it in every region
        new PublicImages(account).newest(base);
      }
    }
    return found;
  }

  private OwnImages look() {
    console.info(account.caller() + ", region " + account.region());
    return ownImages(console::info);
  }

  private OwnImages ownImages(Consumer<String> told) {
    return new OwnImages(account, Owner.here(), poll, told);
  }

  /**
   * Ends what killed commands have left, and makes the account as Linux machines need it; says each
   * change before it is made. To be called once images were looked for, and a person knows what
   * that will cost.
   */
  Open open(LaunchTerms terms) throws InterruptedException {
    return new Open(settings(terms, Blueprint.LINUX));
  }

  /** The same for Windows machines. */
  OpenWindows openWindows(LaunchTerms terms) throws InterruptedException {
    return new OpenWindows(settings(terms, Blueprint.WINDOWS));
  }

  private Leases leases(Consumer<String> told) {
    return new Leases(account, journal, run, poll, told, console::lastWord);
  }

  private LaunchSettings settings(LaunchTerms terms, Blueprint blueprint)
      throws InterruptedException {
    new Upkeep(console, account, journal, poll).recover();
    Ensured ensured =
        new Ensure(account, poll, state.keys(), CheckIp.AWS)
            .run(
                new Ensure.Request(
                    blueprint,
                    account.region().region(),
                    Owner.here(),
                    terms.sshFrom(),
                    terms.subnetId()),
                plan -> plan.changes().forEach(change -> console.info("  " + change)),
                outcome -> {});
    SshKey key = SshKey.in(state.keys()).orElseThrow();
    return new LaunchSettings(ensured, key, SshKey.file(state.keys()), terms);
  }
}
