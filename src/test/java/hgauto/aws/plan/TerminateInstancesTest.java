package hgauto.aws.plan;

import static hgauto.aws.plan.Things.ME;
import static hgauto.aws.plan.Things.MINE;
import static hgauto.aws.plan.Things.NOW;
import static hgauto.aws.plan.Things.expiring;
import static hgauto.aws.plan.Things.instance;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.inventory.Ownership;
import hgauto.aws.plan.Outcome.Result;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Placement;

class TerminateInstancesTest {
  private static final String TERMINATE = "ec2:TerminateInstances";

  private final FakeAccount fake = new FakeAccount();
  private final Sleepless time = new Sleepless();

  private List<String> put(int number) {
    return IntStream.range(0, number)
        .mapToObj(each -> fake.contents().putInstance(i -> {}))
        .toList();
  }

  private List<Outcome> terminate(List<String> ids) throws InterruptedException {
    List<Step> steps =
        TerminateInstances.all(ids.stream().map(id -> instance(id, MINE)).toList(), NOW);
    return new Plan(steps).apply(fake.account(), time.poll(), outcome -> {});
  }

  private long calls(String action) {
    return fake.actions().stream().filter(action::equals).count();
  }

  private static List<String> ids(List<Outcome> outcomes, Result result) {
    return outcomes.stream()
        .filter(outcome -> outcome.result() == result)
        .map(Outcome::id)
        .toList();
  }

  @Test
  void manyAreEndedByOneCallAndWaitedFor() throws InterruptedException {
    fake.behaviour().instancesEndingFor(30);
    List<String> ids = put(50);
    List<Outcome> outcomes = terminate(ids);
    assertThat(ids(outcomes, Result.DONE)).containsExactlyElementsOf(ids);
    assertThat(calls(TERMINATE)).isOne();
    assertThat(fake.contents().instances())
        .allMatch(instance -> instance.state().nameAsString().equals("terminated"));
    assertThat(time.slept()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void twelveHundredTakeTwoCalls() throws InterruptedException {
    List<String> ids = put(1200);
    assertThat(ids(terminate(ids), Result.DONE)).hasSize(1200);
    assertThat(calls(TERMINATE)).isEqualTo(2);
    assertThat(fake.contents().alive()).isEmpty();
  }

  @Test
  void oneThatVanishedAmongTwelveHundredKeepsNoOtherFromEnding() throws InterruptedException {
    List<String> ids = put(1200);
    fake.contents().vanish(ids.get(700));
    List<Outcome> outcomes = terminate(ids);
    assertThat(ids(outcomes, Result.ALREADY)).containsExactly(ids.get(700));
    assertThat(ids(outcomes, Result.DONE)).hasSize(1199);
    assertThat(fake.contents().alive()).isEmpty();
    assertThat(calls(TERMINATE)).as("halving").isLessThan(25);
  }

  @Test
  void thoseThatAllVanishedAreGone() throws InterruptedException {
    List<String> ids = put(3);
    ids.forEach(fake.contents()::vanish);
    assertThat(ids(terminate(ids), Result.ALREADY)).isEqualTo(ids);
    assertThat(calls("ec2:DescribeInstances")).isOne();
    assertThat(time.slept()).isZero();
  }

  @Test
  void whatIsThereThoughEc2DoesNotFindItYetIsToldAgainUntilItEnds() throws InterruptedException {
    fake.behaviour().instancesEndingFor(5);
    List<String> ids = put(2);
    fake.onCalls(TERMINATE, 1, 4, Fault.refused("InvalidInstanceID.NotFound"));
    assertThat(ids(terminate(ids), Result.DONE)).isEqualTo(ids);
    assertThat(fake.contents().alive()).isEmpty();
  }

  @Test
  void whatEc2NeverFindsButAlwaysShowsIsNoSuccess() throws InterruptedException {
    fake.onCall(TERMINATE, Fault.refused("InvalidInstanceID.NotFound"));
    Outcome outcome = terminate(put(1)).get(0);
    assertThat(outcome.failed()).isTrue();
    assertThat(outcome.why()).startsWith("it was running when last seen; timed out");
  }

  @Test
  void whatIsRefusedWhenItIsToldAgainFails() throws InterruptedException {
    fake.onCall(TERMINATE, 1, Fault.refused("InvalidInstanceID.NotFound"));
    fake.onCall(TERMINATE, Fault.FORBIDDEN);
    Outcome outcome = terminate(put(1)).get(0);
    assertThat(outcome.failed()).isTrue();
    assertThat(outcome.why()).contains("UnauthorizedOperation");
  }

  @Test
  void protectedOnesRemainAndTheCommandThatLiftsTheProtectionIsNamed() throws InterruptedException {
    List<String> ids = new ArrayList<>(put(9));
    ids.add(
        fake.contents()
            .putInstance(
                i -> i.placement(Placement.builder().availabilityZone("us-west-2b").build())));
    fake.contents().protect(ids.get(3));
    List<Outcome> outcomes = terminate(ids);
    assertThat(ids(outcomes, Result.DONE)).hasSize(9);
    assertThat(outcomes.get(3).failed()).isTrue();
    assertThat(outcomes.get(3).why())
        .startsWith("cannot terminate " + ids.get(3) + " in us-west-2 (ec2:TerminateInstances): ")
        .contains("OperationNotPermitted");
    assertThat(outcomes.get(3).next())
        .endsWith(
            "aws ec2 modify-instance-attribute --region us-west-2 --instance-id "
                + ids.get(3)
                + " --no-disable-api-termination");
  }

  @Test
  void oneThatVanishesDuringTheWaitIsGone() throws InterruptedException {
    fake.behaviour().instancesEndingFor(1000);
    List<String> ids = put(2);
    fake.onCall(
        "ec2:DescribeInstances", 2, Fault.before(() -> ids.forEach(fake.contents()::vanish)));
    assertThat(ids(terminate(ids), Result.DONE)).isEqualTo(ids);
  }

  @Test
  void theWaitEndsAndTellsTheLastState() throws InterruptedException {
    fake.behaviour().instancesEndingFor(1_000_000);
    Outcome outcome = terminate(put(1)).get(0);
    assertThat(outcome.failed()).isTrue();
    assertThat(outcome.why())
        .isEqualTo(
            "it was shutting-down when last seen; timed out waiting for 1 instances in us-west-2 to"
                + " be gone: still there: 1 in 900 s");
    assertThat(outcome.next())
        .isEqualTo(
            "By hand: aws ec2 terminate-instances --region us-west-2 --instance-ids "
                + outcome.id());
    assertThat(time.slept()).isLessThanOrEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void aRefusalIsToldForEachWithTheRemedy() throws InterruptedException {
    List<String> ids = put(2);
    fake.onCall(TERMINATE, Fault.FORBIDDEN);
    List<Outcome> outcomes = terminate(ids);
    assertThat(ids(outcomes, Result.FAILED)).isEqualTo(ids);
    assertThat(outcomes.get(0).why())
        .startsWith("cannot terminate 2 instances in us-west-2 (ec2:TerminateInstances): ")
        .contains("UnauthorizedOperation");
    assertThat(outcomes.get(0).next())
        .startsWith("Allow ec2:TerminateInstances ")
        .endsWith(
            "By hand: aws ec2 terminate-instances --region us-west-2 --instance-ids " + ids.get(0));
    assertThat(calls(TERMINATE)).isOne();
  }

  @Test
  void whoMayEndOnlyTaggedOnesEndsThose() throws InterruptedException {
    List<String> ids = put(2);
    List<Step> steps =
        TerminateInstances.all(
            List.of(instance(ids.get(0), Ownership.LEGACY), instance(ids.get(1), MINE)), NOW);
    List<Outcome> outcomes = carryOutRefusing(ids.get(0), steps);
    assertThat(ids(outcomes, Result.DONE)).containsExactly(ids.get(1));
    assertThat(ids(outcomes, Result.FAILED)).containsExactly(ids.get(0));
  }

  @Test
  void whoMayEndOnlyTheirOwnEndsThoseThoughAnothersHasExpired() throws InterruptedException {
    List<String> ids = put(3);
    List<Step> steps =
        TerminateInstances.all(
            List.of(
                instance(ids.get(0), MINE),
                instance(ids.get(1), expiring("bob@desk", Duration.ofHours(-1))),
                instance(ids.get(2), expiring(ME, Duration.ofHours(1)))),
            NOW);
    List<Outcome> outcomes = carryOutRefusing(ids.get(1), steps);
    assertThat(ids(outcomes, Result.DONE)).containsExactly(ids.get(0), ids.get(2));
    assertThat(ids(outcomes, Result.FAILED)).containsExactly(ids.get(1));
    assertThat(calls(TERMINATE)).isEqualTo(2);
  }

  /** Carries out the steps; EC2 refuses the one that this instance is in. */
  private List<Outcome> carryOutRefusing(String id, List<Step> steps) throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    for (Step step : steps) {
      fake.withoutFaults();
      if (step.changes().stream().anyMatch(change -> change.id().equals(id))) {
        fake.onCall(TERMINATE, Fault.FORBIDDEN);
      }
      outcomes.addAll(step.carryOut(fake.account(), time.poll()));
    }
    return outcomes;
  }

  @Test
  void whereTheWaitCannotLookItSaysSo() throws InterruptedException {
    fake.behaviour().instancesEndingFor(3);
    List<String> ids = put(1);
    fake.onCall("ec2:DescribeInstances", 2, Fault.DROPPED_BEFORE);
    Outcome outcome = terminate(ids).get(0);
    assertThat(outcome.failed()).isTrue();
    assertThat(outcome.why()).contains("shutting-down", "ec2:DescribeInstances");
  }

  @Test
  void everyRegionIsAskedByItself() throws InterruptedException {
    FakeAccount two = new FakeAccount("us-west-2", "eu-central-1");
    String here = two.contents().putInstance(i -> {});
    String there = two.in("eu-central-1").putInstance(i -> {});
    List<Step> steps =
        TerminateInstances.all(
            List.of(instance(here, MINE), instance(there, MINE, "eu-central-1", List.of())), NOW);
    List<Outcome> outcomes = new Plan(steps).apply(two.account(), time.poll(), outcome -> {});
    assertThat(ids(outcomes, Result.DONE)).containsExactlyInAnyOrder(here, there);
    assertThat(Stream.of("us-west-2", "eu-central-1"))
        .allMatch(region -> two.in(region).alive().isEmpty());
  }
}
