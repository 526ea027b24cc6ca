package hgauto.testbed;

import hgauto.aws.Account;
import hgauto.aws.Owner;
import hgauto.aws.ensure.Blueprint;
import hgauto.aws.ensure.CheckIp;
import hgauto.aws.ensure.Cidr;
import hgauto.aws.ensure.Ensure;
import hgauto.aws.ensure.Ensured;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Ensures what Windows machines need, in the account that the environment names, as commands do
 * before they launch one. {@code scripts/bench aws} measures it.
 */
public final class EnsureProgram {
  private EnsureProgram() {}

  /**
   * Prints what there is now.
   *
   * @param arguments the state folder
   */
  public static void main(String[] arguments) throws InterruptedException {
    Account account = new Account(null, System.getenv());
    StateFolder state = new StateFolder(Path.of(arguments[0]));
    Ensured ensured =
        new Ensure(account, Poll.real(), state.keys(), CheckIp.AWS)
            .run(
                new Ensure.Request(
                    Blueprint.WINDOWS,
                    account.region().region(),
                    Owner.here(),
                    Set.of(Cidr.of("203.0.113.7/32").orElseThrow()),
                    Optional.empty()),
                plan -> plan.changes().forEach(System.out::println),
                outcome -> {
                  if (outcome.failed()) {
                    System.out.println(outcome);
                  }
                });
    System.out.println(ensured);
  }
}
