package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.inventory.InstanceProfile;
import hgauto.aws.inventory.KeyPair;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.ProfileUsers;
import hgauto.aws.inventory.Sweep;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.KeyFingerprints;
import hgauto.aws.plan.PurgePlan;
import hgauto.aws.plan.Scope;
import hgauto.console.Console;
import hgauto.error.UsageException;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Removes everything of ours from an account, but what others need. */
public final class PurgeResources {
  private static final String WORD = "purge";

  private final Console console;
  private final Account account;
  private final Poll poll;
  private final Upkeep upkeep;

  /**
   * What to remove.
   *
   * @param allRegions whether to look in every region, or in the account's own
   * @param keys the folder of the private key, whose key pair goes
   * @param anyKey whether key pairs go wherever their private key is
   * @param dryRun whether to say only what would be done
   * @param confirmed whether the person need not be asked
   */
  public record Request(
      Scope scope,
      boolean allRegions,
      Path keys,
      boolean anyKey,
      boolean dryRun,
      boolean confirmed) {}

  /**
   * @param journal what killed runs have left in it goes first
   * @param poll waits for what AWS does in its own time
   */
  public PurgeResources(Console console, Account account, LeaseJournal journal, Poll poll) {
    this.console = console;
    this.account = account;
    this.poll = poll;
    this.upkeep = new Upkeep(console, account, journal, poll);
  }

  /**
   * Carries out the request.
   *
   * @return the exit code: 0, or 4 if something remains that should have gone
   * @throws UsageException if the person does not confirm it, or cannot be asked; nothing was
   *     changed
   */
  public int run(Request request) throws InterruptedException {
    boolean mustAsk = !request.dryRun() && !request.confirmed();
    if (mustAsk && !console.canAsk()) {
      throw new UsageException(
          "cannot ask whether to remove all that",
          "this is no terminal",
          "Look at it with --dry-run, then confirm it with --yes.");
    }
    Predicate<KeyPair> mayDelete = request.anyKey() ? key -> true : hereIn(request.keys());
    List<Change> pending = upkeep.pending();
    Look look = Look.around(console, account, request.allRegions(), EnumSet.allOf(Kind.class));
    CleanUpRun run =
        new CleanUpRun(
            console,
            look,
            PurgePlan.of(
                look.inventories(), request.scope(), mayDelete, profileUsers(look), look.now()),
            pending);
    run.show();
    if (request.dryRun()) {
      return run.stopHere();
    }
    if (mustAsk && !run.isEmpty()) {
      confirm();
    }
    return run.carryOut(account, poll, upkeep.recover());
  }

  private static Predicate<KeyPair> hereIn(Path folder) {
    Set<String> here = SshKey.in(folder).map(KeyFingerprints::of).orElse(Set.of());
    return key -> here.contains(key.fingerprint());
  }

  /** The profile is the same for all regions, also for those that this does not clean up. */
  private ProfileUsers profileUsers(Look look) throws InterruptedException {
    Optional<InstanceProfile> profile =
        look.inventories().stream().flatMap(it -> it.instanceProfile().stream()).findFirst();
    return profile.isPresent()
        ? Sweep.using(account, profile.get().arn())
        : new ProfileUsers(List.of(), List.of());
  }

  private void confirm() {
    if (!console.confirms("This cannot be undone. To go on, type " + WORD + ":", WORD)) {
      throw new UsageException("not confirmed; nothing of this was changed", "", "");
    }
  }
}
