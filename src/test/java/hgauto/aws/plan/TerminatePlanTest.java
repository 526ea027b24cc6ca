package hgauto.aws.plan;

import static hgauto.aws.plan.Things.BOBS;
import static hgauto.aws.plan.Things.ME;
import static hgauto.aws.plan.Things.MINE;
import static hgauto.aws.plan.Things.NOW;
import static hgauto.aws.plan.Things.expiring;
import static hgauto.aws.plan.Things.instance;
import static hgauto.aws.plan.Things.inventory;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.inventory.Instance;
import hgauto.aws.inventory.Inventory;
import hgauto.aws.inventory.Ownership;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminatePlanTest {
  private static final List<Inventory> ALL =
      List.of(
          inventory(
              instance("i-mine", MINE),
              instance("i-legacy", Ownership.LEGACY),
              instance("i-bob", BOBS),
              instance("i-mine-running", expiring(ME, Duration.ofHours(1))),
              instance("i-bob-running", expiring("bob@desk", Duration.ofHours(1))),
              instance("i-bob-expired", expiring("bob@desk", Duration.ofMinutes(-90)))));

  private static CleanUp plan(boolean allOwners, String olderThan) {
    Optional<Duration> age = Optional.ofNullable(olderThan).map(Duration::parse);
    return TerminatePlan.of(ALL, new Scope(ME, allOwners, age), NOW);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "false, -, mine mine-running bob-expired legacy, bob bob-running",
        "true, -, mine bob mine-running bob-running bob-expired legacy, ''",
        "false, PT2H, mine mine-running bob-expired legacy, bob bob-running",
        "false, PT3H, bob-expired, mine legacy bob mine-running bob-running",
        "true, PT4H, bob-expired, mine legacy bob mine-running bob-running"
      })
  void scopeSaysWhichGo(boolean allOwners, String olderThan, String gone, String left) {
    CleanUp cleanUp = plan(allOwners, olderThan);
    assertThat(cleanUp.plan().changes())
        .extracting(Change::id)
        .containsExactlyInAnyOrder(ids(gone));
    assertThat(cleanUp.leftOut()).extracting(LeftOut::id).containsExactly(ids(left));
  }

  private static String[] ids(String words) {
    return words
        .lines()
        .flatMap(line -> List.of(line.split(" ")).stream())
        .map(word -> "i-" + word)
        .toArray(String[]::new);
  }

  @Test
  void everyLineSaysWhatAPersonNeedsToKnow() {
    assertThat(plan(false, null).plan().changes())
        .map(Change::toString)
        .containsExactly(
            "terminate instance i-mine in us-west-2 (hg-temp-windows, 3 h old, owner ann@laptop)",
            "terminate instance i-mine-running in us-west-2 (hg-temp-windows, 3 h old, owner"
                + " ann@laptop)",
            "terminate instance i-bob-expired in us-west-2 (hg-temp-windows, 3 h old, owner"
                + " bob@desk, expired 1 h ago)",
            "terminate instance i-legacy in us-west-2 (hg-temp-windows, 3 h old, made by"
                + " automation.py)");
    assertThat(plan(false, null).leftOut().get(0))
        .hasToString(
            "left: instance i-bob in us-west-2 (hg-temp-windows, 3 h old, owner bob@desk): another"
                + " owner's; --all-owners takes it");
    assertThat(plan(true, "PT240H").leftOut().get(0))
        .hasToString(
            "left: instance i-mine in us-west-2 (hg-temp-windows, 3 h old, owner ann@laptop): not"
                + " older than 10 d");
  }

  @Test
  void oneStepEndsAThousandOfARegion() {
    Instance[] many =
        IntStream.range(0, 1200)
            .mapToObj(number -> instance("i-" + number, MINE))
            .toArray(Instance[]::new);
    CleanUp cleanUp =
        TerminatePlan.of(
            List.of(
                inventory(many), inventory(instance("i-there", MINE, "eu-central-1", List.of()))),
            new Scope(ME, false, Optional.empty()),
            NOW);
    assertThat(cleanUp.plan().steps())
        .extracting(step -> step.changes().size())
        .containsExactly(1, 1000, 200);
  }

  @Test
  void whatIsPastItsExpiryEndsWhosesoeverItIs() {
    assertThat(Expired.plan(ALL, NOW).changes())
        .extracting(Change::id)
        .containsExactly("i-bob-expired");
  }
}
