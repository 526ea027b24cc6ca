package hgauto.aws.plan;

import hgauto.aws.inventory.Instance;
import hgauto.aws.inventory.Inventory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ends instances. */
public final class TerminatePlan {
  private TerminatePlan() {}

  /** Ends all instances that the scope takes. */
  public static CleanUp of(List<Inventory> inventories, Scope scope, Instant now) {
    List<Instance> going = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    for (Inventory inventory : inventories) {
      for (Instance instance : inventory.instances()) {
        Optional<String> why = scope.leaves(instance, now);
        if (why.isPresent()) {
          leftOut.add(LeftOut.of(instance, why.get(), now));
        } else {
          going.add(instance);
        }
      }
    }
    return new CleanUp(new Plan(TerminateInstances.all(going, now)), leftOut);
  }
}
