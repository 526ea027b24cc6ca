package hgauto.task;

import hgauto.aws.Account;
import hgauto.aws.Caller;
import hgauto.aws.Parallel;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Sweep;
import hgauto.console.Console;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/** What a clean-up knows before it plans: who asks for it, and what there is. */
record Look(Caller caller, boolean allRegions, Set<Kind> kinds, List<Inventory> inventories) {
  /**
   * Looks, and says whose account it is.
   *
   * @throws hgauto.error.EnvironmentException if a call is refused; nothing was changed
   */
  static Look around(Console console, Account account, boolean allRegions, Set<Kind> kinds)
      throws InterruptedException {
    Future<Caller> caller = Parallel.start(account::caller);
    List<Inventory> inventories = inventories(account, allRegions, kinds);
    Look look = new Look(Parallel.get(caller), allRegions, kinds, inventories);
    console.info(
        look.caller()
            + ", "
            + (allRegions ? "all regions, " + inventories.size() : "region " + account.region()));
    return look;
  }

  /** The same, once something has changed. */
  Look again(Account account) throws InterruptedException {
    return new Look(caller, allRegions, kinds, inventories(account, allRegions, kinds));
  }

  private static List<Inventory> inventories(Account account, boolean allRegions, Set<Kind> kinds)
      throws InterruptedException {
    return allRegions
        ? Sweep.ofAllRegions(account, kinds)
        : List.of(Sweep.of(account, account.region().region(), kinds));
  }

  /** The time as AWS has it. */
  Instant now() {
    return caller.clock().instant();
  }

  List<String> regions() {
    return inventories.stream().map(Inventory::region).toList();
  }
}
