package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.Parallel;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Sweep;
import hgauto.aws.plan.Outcome;
import hgauto.aws.plan.Plan;
import hgauto.aws.plan.Step.Rank;
import hgauto.error.EnvironmentException;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Ensures that there is in an account what a command needs to launch machines. */
public final class Ensure {
  /**
   * What is needed, and for whom.
   *
   * @param region to launch machines in
   * @param owner as {@link hgauto.aws.Owner#here}
   * @param sshFrom where machines may be reached from; empty for this machine's public address
   * @param subnetId to launch machines into; empty for the default network's
   */
  public record Request(
      Blueprint blueprint,
      String region,
      String owner,
      Set<Cidr> sshFrom,
      Optional<String> subnetId) {}

  private final Account account;
  private final Poll poll;
  private final Path keysFolder;
  private final CheckIp checkIp;

  /**
   * @param poll waits until AWS knows what was just made
   * @param keysFolder has the key that opens machines, or gets one; is there, and private
   * @param checkIp is asked only if a request does not say where from machines may be reached
   */
  public Ensure(Account account, Poll poll, Path keysFolder, CheckIp checkIp) {
    this.account = account;
    this.poll = poll;
    this.keysFolder = keysFolder;
    this.checkIp = checkIp;
  }

  /**
   * Looks, and makes what is missing. Where all is there, no call changes anything.
   *
   * @param planned is given the plan before it is carried out, if it has steps
   * @param told is given each outcome as it comes, by several threads
   * @throws EnvironmentException if a call or a step failed, or this machine's public address is
   *     unknown, or its key cannot be read
   */
  public Ensured run(Request request, Consumer<Plan> planned, Consumer<Outcome> told)
      throws InterruptedException {
    Future<SshKey> key = Parallel.start(this::key);
    Future<Set<Cidr>> from =
        Parallel.start(
            () -> request.sshFrom().isEmpty() ? Set.of(checkIp.ask()) : request.sshFrom());
    Future<String> vpcId =
        Parallel.start(
            () ->
                Network.vpcId(
                    account.clients().ec2(request.region()), request.region(), request.subnetId()));
    Inventory inventory = Sweep.of(account, request.region(), request.blueprint().kinds());
    Need need =
        new Need(
            request.blueprint(),
            request.owner(),
            Parallel.get(key),
            Parallel.get(from),
            Parallel.get(vpcId));
    EnsurePlan plan = EnsurePlan.of(inventory, need);
    if (!plan.plan().steps().isEmpty()) {
      planned.accept(plan.plan());
    }
    return plan.after(apply(plan.plan(), told));
  }

  /** What joins things is not tried where one of them is missing. */
  private List<Outcome> apply(Plan plan, Consumer<Outcome> told) throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>(plan.only(Rank.MAKE).apply(account, poll, told));
    if (outcomes.stream().noneMatch(Outcome::failed)) {
      outcomes.addAll(plan.only(Rank.JOIN).apply(account, poll, told));
    }
    return outcomes;
  }

  private SshKey key() {
    return SshKey.in(keysFolder).orElseGet(() -> SshKey.generate().save(keysFolder));
  }
}
