package hgauto.testbed;

import hgauto.aws.Account;
import hgauto.aws.Owner;
import hgauto.aws.ensure.Blueprint;
import hgauto.aws.ensure.CheckIp;
import hgauto.aws.ensure.Cidr;
import hgauto.aws.ensure.Ensure;
import hgauto.aws.ensure.Ensured;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.Lease;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.aws.lease.LinuxUserData;
import hgauto.aws.lease.Recovery;
import hgauto.aws.plan.Outcome;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A command that needs a machine, as AWS sees it: recovers, ensures, launches, waits until it runs,
 * and ends it. In this JVM, or as a process of its own.
 */
public final class MachineProgram {
  private MachineProgram() {}

  /** Runs it with the arguments: the state folder, and an image. */
  public static void main(String[] arguments) throws InterruptedException {
    try {
      run(
          new Account(null, System.getenv()),
          new StateFolder(Path.of(arguments[0])),
          arguments[1],
          Poll.real(),
          System.out::println);
    } catch (HgautoException e) {
      System.out.println(e.what() + "\n  " + e.why() + "\n  " + e.next());
      System.exit(e.exitCode());
    }
  }

  /**
   * Runs it.
   *
   * @param told is given what people would be told
   */
  public static void run(
      Account account, StateFolder state, String image, Poll poll, Consumer<String> told)
      throws InterruptedException {
    recover(account, state, poll, told);
    Ensured ensured =
        new Ensure(account, poll, state.keys(), CheckIp.AWS)
            .run(request(account), plan -> {}, outcome -> {});
    Leases leases =
        new Leases(account, new LeaseJournal(state.leases()), "run-1", poll, told, told);
    LaunchRequest wanted =
        new LaunchRequest(
            "hg-test",
            image,
            List.of("t3.medium"),
            ensured.keyName(),
            List.of(ensured.securityGroupId()),
            ensured.profileName(),
            Optional.empty(),
            false,
            List.of(new Disk("/dev/sda1", 10)),
            Duration.ofHours(4),
            new LinuxUserData());
    try (Lease lease = leases.launch(wanted)) {
      told.accept("running at " + lease.awaitRunning());
      lease.turnOffMetadata();
    }
  }

  /** What each command begins with. Fails if something remains. */
  public static void recover(Account account, StateFolder state, Poll poll, Consumer<String> told)
      throws InterruptedException {
    for (Outcome outcome :
        new Recovery(account, new LeaseJournal(state.leases()), poll, told).run()) {
      if (outcome.failed()) {
        throw new EnvironmentException(
            "could not " + outcome.change(), outcome.why(), outcome.next());
      }
    }
  }

  private static Ensure.Request request(Account account) {
    return new Ensure.Request(
        Blueprint.WINDOWS,
        account.region().region(),
        Owner.here(),
        Set.of(Cidr.of("203.0.113.7/32").orElseThrow()),
        Optional.empty());
  }
}
