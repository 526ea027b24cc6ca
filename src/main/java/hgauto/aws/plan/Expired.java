package hgauto.aws.plan;

import hgauto.aws.inventory.Inventory;
import java.time.Instant;
import java.util.List;

/** Ends what should have ended itself. Whoever sweeps carries this out, whosever the things are. */
public final class Expired {
  private Expired() {}

  /** Ends the instances that are past their expiry, stopped ones too, but those on their way. */
  public static Plan plan(List<Inventory> inventories, Instant now) {
    return new Plan(
        TerminateInstances.all(
            inventories.stream()
                .flatMap(inventory -> inventory.instances().stream())
                .filter(instance -> instance.ownership().expired(now))
                .filter(instance -> !instance.state().equals("shutting-down"))
                .toList(),
            now));
  }
}
