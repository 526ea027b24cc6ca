package hgauto.task;

import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Ownership;
import hgauto.aws.inventory.Prices;
import hgauto.aws.inventory.Resource;
import hgauto.aws.plan.Outcome;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is ours in an account, as text for a person and, with {@code --json}, as it stands. Money is
 * an estimate in US dollars.
 *
 * @param account its 12 digits
 * @param caller the ARN of who looked
 * @param regions where it looked
 * @param resources region by region, kind by kind, the oldest first
 * @param dollarsPerHour of all together, as far as prices are known
 * @param dollarsPerMonth likewise
 * @param unknownPrices how many things have no known price
 * @param ended what should have ended by itself, and what became of that
 */
public record ListReport(
    String account,
    String caller,
    List<String> regions,
    List<Item> resources,
    BigDecimal dollarsPerHour,
    BigDecimal dollarsPerMonth,
    long unknownPrices,
    List<CleanUpItem> ended) {

  /**
   * A thing of ours.
   *
   * @param details such as "running, t3.medium"; may be empty
   * @param owner null for what automation.py made
   * @param run that it was made for, or null
   * @param since when it was made, or null where AWS does not tell
   * @param expires when it ends itself, or null
   * @param dollarsPerHour null if its price is not known
   * @param dollarsPerMonth likewise
   */
  public record Item(
      String kind,
      String region,
      String id,
      String name,
      String details,
      String owner,
      String run,
      Instant since,
      Instant expires,
      BigDecimal dollarsPerHour,
      BigDecimal dollarsPerMonth) {
    private static Item of(Resource resource, Optional<Double> perHour) {
      Ownership ownership = resource.ownership();
      return new Item(
          resource.kind(),
          resource.region(),
          resource.id(),
          resource.name(),
          resource.details(),
          ownership.owner().orElse(null),
          ownership.run().orElse(null),
          resource.since().orElse(null),
          ownership.expires().orElse(null),
          perHour.map(ListReport::hourly).orElse(null),
          perHour.map(ListReport::monthly).orElse(null));
    }
  }

  static ListReport of(Look look, Prices prices, Collection<Outcome> ended) {
    List<Resource> found = look.inventories().stream().flatMap(ListReport::inOrder).toList();
    Map<Resource, Optional<Double>> costs = new LinkedHashMap<>();
    found.forEach(resource -> costs.put(resource, prices.perHour(resource)));
    double perHour = costs.values().stream().mapToDouble(cost -> cost.orElse(0.0)).sum();
    return new ListReport(
        look.caller().account(),
        look.caller().arn(),
        look.regions(),
        costs.entrySet().stream().map(it -> Item.of(it.getKey(), it.getValue())).toList(),
        hourly(perHour),
        monthly(perHour),
        costs.values().stream().filter(Optional::isEmpty).count(),
        ended.stream().map(outcome -> CleanUpItem.of(outcome, null)).toList());
  }

  private static Stream<Resource> inOrder(Inventory inventory) {
    return inventory
        .all()
        .filter(resource -> !resource.ownership().equals(Ownership.UNKNOWN))
        .collect(Collectors.groupingBy(Resource::kind, LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .flatMap(
            kind ->
                kind.stream()
                    .sorted(
                        Comparator.comparing(
                                (Resource resource) -> resource.since().orElse(Instant.MIN))
                            .thenComparing(Resource::id)));
  }

  private static BigDecimal hourly(double dollars) {
    return BigDecimal.valueOf(dollars).setScale(4, RoundingMode.HALF_UP);
  }

  private static BigDecimal monthly(double dollarsPerHour) {
    return BigDecimal.valueOf(dollarsPerHour * Prices.HOURS_A_MONTH)
        .setScale(2, RoundingMode.HALF_UP);
  }

  /** 4 if something remains that should have ended by itself, else 0. */
  int exitCode() {
    return CleanUpItem.exitCode(ended);
  }

  /** The same for a person, at that time. */
  List<String> lines(Instant now) {
    if (resources.isEmpty()) {
      String where = regions.size() == 1 ? regions.get(0) : "any of " + regions.size() + " regions";
      return List.of("There is nothing of ours in " + where + ".");
    }
    String unknown =
        unknownPrices == 0 ? "" : " The price of " + unknownPrices + " of them is not known.";
    return Stream.concat(
            new ListTable(now).lines(this),
            Stream.of(
                "",
                "Costs are an estimate by AWS's on-demand prices in us-west-2, without traffic."
                    + unknown))
        .toList();
  }
}
