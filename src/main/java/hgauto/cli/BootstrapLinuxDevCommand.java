package hgauto.cli;

import hgauto.error.UsageException;
import hgauto.linux.BootstrapFiles;
import hgauto.linux.Distro;
import hgauto.linux.Distros;
import hgauto.poll.Poll;
import hgauto.task.BootstrapLinuxDev;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hgauto bootstrap-linux-dev}. */
@Command(
    name = "bootstrap-linux-dev",
    header = "Make EC2 images of Linux that run Mercurial's tests.",
    description = {
      "",
      "Makes those that are missing, each on a machine of its own, which takes about 20 minutes;"
          + " run-tests-linux makes what it needs by itself, too. What a machine prints also goes to"
          + " a log in the state folder. An image costs what its disk does until"
          + " purge-ec2-resources removes it.",
      "",
      "Examples:",
      "  hgauto bootstrap-linux-dev                       of all distributions",
      "  hgauto bootstrap-linux-dev --distros debian12    of one",
      ""
    })
final class BootstrapLinuxDevCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Option(
      names = "--distros",
      paramLabel = "NAME",
      split = ",",
      completionCandidates = DistroNames.class,
      description = "Which distributions: ${COMPLETION-CANDIDATES} (default: all).")
  private List<String> distros;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "How many to make at the same time (default: all).")
  private Integer parallel;

  @Mixin private LaunchOptions launch;

  BootstrapLinuxDevCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (parallel != null && parallel < 1) {
      throw new UsageException(
          "cannot make " + parallel + " images at a time", "", "Say --parallel 1 or more.");
    }
    return new BootstrapLinuxDev(
            session.console(),
            session.account(),
            session.state(),
            Poll.real(),
            BootstrapFiles.known())
        .run(
            new BootstrapLinuxDev.Request(wanted(), Optional.ofNullable(parallel), launch.terms()));
  }

  private List<Distro> wanted() {
    Distros known = Distros.known();
    return distros == null
        ? known.all()
        : distros.stream().map(String::strip).distinct().map(known::named).toList();
  }
}
