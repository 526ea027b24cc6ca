package hgauto.task;

import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Prices;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.CleanUp;
import hgauto.aws.plan.LeftOut;
import hgauto.aws.plan.Outcome;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a clean-up did, as text for a person and, with {@code --json}, as it stands.
 *
 * @param account its 12 digits
 * @param caller the ARN of who cleaned up
 * @param regions where it looked
 * @param dryRun whether it stopped at the plan
 * @param recovery what killed runs had left, but what is among the changes
 * @param changes what it planned, in the order in which it does it
 * @param leftOut what of ours it left, and why
 */
public record CleanUpReport(
    String account,
    String caller,
    List<String> regions,
    boolean dryRun,
    List<CleanUpItem> recovery,
    List<CleanUpItem> changes,
    List<LeftOut> leftOut) {
  /** Of a dry run. */
  static CleanUpReport planned(Look look, CleanUp cleanUp, List<Change> pending) {
    Map<String, BigDecimal> costs = costs(look);
    Function<Change, CleanUpItem> item = it -> CleanUpItem.of(it, costs.get(it.id()));
    return of(
        look,
        cleanUp,
        true,
        pending.stream().map(item).toList(),
        cleanUp.plan().changes().stream().map(item).toList());
  }

  /** Of what was done. */
  static CleanUpReport carriedOut(
      Look look, CleanUp cleanUp, List<Outcome> recovered, List<Outcome> outcomes) {
    Map<String, BigDecimal> costs = costs(look);
    Function<Outcome, CleanUpItem> item = it -> CleanUpItem.of(it, costs.get(it.change().id()));
    return of(
        look,
        cleanUp,
        false,
        recovered.stream().map(item).toList(),
        outcomes.stream().map(item).toList());
  }

  private static Map<String, BigDecimal> costs(Look look) {
    Prices prices = new Prices();
    Map<String, BigDecimal> costs = new HashMap<>();
    look.inventories().stream()
        .flatMap(Inventory::all)
        .forEach(
            resource ->
                prices
                    .perHour(resource)
                    .ifPresent(
                        dollars ->
                            costs.put(
                                resource.id(),
                                BigDecimal.valueOf(dollars).setScale(6, RoundingMode.HALF_UP))));
    return costs;
  }

  private static CleanUpReport of(
      Look look,
      CleanUp cleanUp,
      boolean dryRun,
      List<CleanUpItem> recovery,
      List<CleanUpItem> changes) {
    Set<String> planned = changes.stream().map(CleanUpItem::id).collect(Collectors.toSet());
    return new CleanUpReport(
        look.caller().account(),
        look.caller().arn(),
        look.regions(),
        dryRun,
        recovery.stream().filter(item -> !planned.contains(item.id())).toList(),
        changes,
        cleanUp.leftOut());
  }

  /** The result for a person. */
  List<String> lines() {
    List<CleanUpItem> all = all();
    if (all.isEmpty()) {
      return List.of("nothing to do in " + String.join(", ", regions));
    }
    List<String> lines = new ArrayList<>();
    byKind(all).forEach((kind, items) -> lines.add(kind + "s: " + count(items)));
    lines.addAll(cost(dryRun ? "would go" : "is gone", item -> dryRun || item.isGone()));
    lines.addAll(cost("remains", CleanUpItem::isFailed));
    for (CleanUpItem item : all) {
      if (item.isKept()) {
        lines.add("kept: " + item.kind() + " " + item.id() + ": " + item.why());
      }
      if (item.isFailed()) {
        lines.add("remains; could not " + item.change());
        lines.add("  " + item.why());
        lines.add("  " + item.next());
      }
    }
    return lines;
  }

  /** A line, or none if it costs nothing. */
  private List<String> cost(String which, Predicate<CleanUpItem> included) {
    BigDecimal hour =
        all().stream()
            .filter(included)
            .map(CleanUpItem::dollarsPerHour)
            .filter(Objects::nonNull)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    if (hour.signum() == 0) {
      return List.of();
    }
    BigDecimal month = hour.multiply(BigDecimal.valueOf(Prices.HOURS_A_MONTH));
    return List.of(
        "estimated cost of what "
            + which
            + ": $"
            + hour.setScale(4, RoundingMode.HALF_UP)
            + " an hour, $"
            + month.setScale(2, RoundingMode.HALF_UP)
            + " a month");
  }

  private List<CleanUpItem> all() {
    return Stream.concat(recovery.stream(), changes.stream()).toList();
  }

  private static Map<String, List<CleanUpItem>> byKind(List<CleanUpItem> all) {
    return all.stream()
        .collect(Collectors.groupingBy(CleanUpItem::kind, LinkedHashMap::new, Collectors.toList()));
  }

  private String count(List<CleanUpItem> items) {
    if (dryRun) {
      return items.size() + " would go";
    }
    return items.stream().filter(CleanUpItem::isGone).count() + " of " + items.size() + " gone";
  }

  /** 4 if something remains that should have gone, else 0. */
  int exitCode() {
    return CleanUpItem.exitCode(all());
  }
}
