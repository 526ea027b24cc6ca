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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What a clean-up did, as text for a person and, with {@code --json}, as it stands.
 *
 * @param account its 12 digits
 * @param caller the ARN of who cleaned up
 * @param regions where it looked
 * @param dryRun whether it stopped at the plan
 * @param changes what it planned, in the order in which it does it
 * @param leftOut what of ours it left, and why
 */
public record CleanUpReport(
    String account,
    String caller,
    List<String> regions,
    boolean dryRun,
    List<Item> changes,
    List<LeftOut> leftOut) {
  /** Something remains. */
  private static final int INCOMPLETE = 4;

  /**
   * A change and what became of it.
   *
   * @param dollarsPerHour what it costs by {@link Prices}; null if that is not known
   * @param result {@code done}, {@code already} (it was gone), {@code kept} (others need it),
   *     {@code failed}; null after a dry run
   * @param why it was kept or failed, or null
   * @param next how a person can do it, or null
   */
  public record Item(
      String verb,
      String kind,
      String region,
      String id,
      String about,
      BigDecimal dollarsPerHour,
      String result,
      String why,
      String next) {
    private static Item of(
        Change change, Map<String, BigDecimal> costs, String result, String why, String next) {
      return new Item(
          change.verb(),
          change.kind(),
          change.region(),
          change.id(),
          change.about(),
          costs.get(change.id()),
          result,
          why,
          next);
    }

    private boolean is(Outcome.Result wanted) {
      return word(wanted).equals(result);
    }

    private boolean isGone() {
      return is(Outcome.Result.DONE) || is(Outcome.Result.ALREADY);
    }

    private Change change() {
      return new Change(verb, kind, region, id, about);
    }
  }

  /** Of a dry run. */
  static CleanUpReport planned(Look look, CleanUp cleanUp) {
    Map<String, BigDecimal> costs = costs(look);
    return of(
        look,
        cleanUp,
        true,
        cleanUp.plan().changes().stream()
            .map(change -> Item.of(change, costs, null, null, null))
            .toList());
  }

  /** Of what was done. */
  static CleanUpReport carriedOut(Look look, CleanUp cleanUp, List<Outcome> outcomes) {
    Map<String, BigDecimal> costs = costs(look);
    return of(
        look,
        cleanUp,
        false,
        outcomes.stream()
            .map(
                it ->
                    Item.of(
                        it.change(), costs, word(it.result()), orNull(it.why()), orNull(it.next())))
            .toList());
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

  private static CleanUpReport of(Look look, CleanUp cleanUp, boolean dryRun, List<Item> items) {
    return new CleanUpReport(
        look.caller().account(),
        look.caller().arn(),
        look.regions(),
        dryRun,
        items,
        cleanUp.leftOut());
  }

  private static String word(Outcome.Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** The result for a person. */
  List<String> lines() {
    if (changes.isEmpty()) {
      return List.of("nothing to do in " + String.join(", ", regions));
    }
    List<String> lines = new ArrayList<>();
    byKind().forEach((kind, items) -> lines.add(kind + "s: " + count(items)));
    lines.addAll(cost(dryRun ? "would go" : "is gone", item -> dryRun || item.isGone()));
    lines.addAll(cost("remains", item -> item.is(Outcome.Result.FAILED)));
    for (Item item : changes) {
      if (item.is(Outcome.Result.KEPT)) {
        lines.add("kept: " + item.kind() + " " + item.id() + ": " + item.why());
      }
      if (item.is(Outcome.Result.FAILED)) {
        lines.add("remains; could not " + item.change());
        lines.add("  " + item.why());
        lines.add("  " + item.next());
      }
    }
    return lines;
  }

  /** A line, or none if it costs nothing. */
  private List<String> cost(String which, Predicate<Item> included) {
    BigDecimal hour =
        changes.stream()
            .filter(included)
            .map(Item::dollarsPerHour)
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

  private Map<String, List<Item>> byKind() {
    Map<String, List<Item>> byKind = new LinkedHashMap<>();
    changes.forEach(
        item -> byKind.computeIfAbsent(item.kind(), kind -> new ArrayList<>()).add(item));
    return byKind;
  }

  private String count(List<Item> items) {
    if (dryRun) {
      return items.size() + " would go";
    }
    return items.stream().filter(Item::isGone).count() + " of " + items.size() + " gone";
  }

  /** 4 if something remains that should have gone, else 0. */
  int exitCode() {
    return changes.stream().anyMatch(item -> item.is(Outcome.Result.FAILED)) ? INCOMPLETE : 0;
  }
}
