package hgauto.testbed;

import hgauto.aws.Account;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.Lease;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.aws.lease.LinuxUserData;
import hgauto.error.HgautoException;
import hgauto.poll.Poll;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A process that launches machines where the environment says, prints {@code launched ID} for each
 * and {@code ready}, and closes them once its standard input ends.
 *
 * <p>Arguments: the folder of the journal, an image, a key pair, and how many.
 */
public final class LeaseProgram {
  private LeaseProgram() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    Leases leases =
        new Leases(
            new Account(null, System.getenv()),
            new LeaseJournal(Path.of(args[0])),
            "run-of-the-test",
            Poll.real(),
            System.err::println,
            System.err::println);
    LaunchRequest request =
        new LaunchRequest(
            "hg-linux-dev",
            args[1],
            List.of("t3.medium"),
            args[2],
            List.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            List.of(new Disk("/dev/sda1", 12)),
            LaunchRequest.DEFAULT_LIFETIME,
            new LinuxUserData());
    Deque<Lease> open = new ArrayDeque<>();
    int code = 0;
    try {
      for (int i = 0; i < Integer.parseInt(args[3]); i++) {
        open.push(leases.launch(request));
        System.out.println("launched " + open.element().id());
        open.element().awaitRunning();
      }
      System.out.println("ready");
      while (System.in.read() >= 0) {}
      while (!open.isEmpty()) {
        open.pop().close();
      }
    } catch (HgautoException e) {
      System.err.println("error: " + e.what() + "\n  " + e.why() + "\n  " + e.next());
      code = e.exitCode();
    } catch (InterruptedException e) {
      System.err.println("error: " + e.getMessage());
      code = 70;
    }
    System.exit(code);
  }
}
