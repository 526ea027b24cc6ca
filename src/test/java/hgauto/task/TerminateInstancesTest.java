package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.aws.Owner;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.plan.Scope;
import hgauto.error.EnvironmentException;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.Tag;

class TerminateInstancesTest {
  private static final Scope OWN = new Scope("ann@laptop", false, Optional.empty());

  @TempDir private Path leases;
  private final FakeAccount fake = new FakeAccount("us-west-2", "eu-central-1");
  private final Spoken spoken = new Spoken();

  private String put(String region, String name, String owner) {
    return fake.in(region).putInstance(i -> i.tags(tag("Name", name), tag(Owner.TAG, owner)));
  }

  private String put(String owner) {
    return put("us-west-2", "hg-run-tests", owner);
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private int run(boolean json, TerminateInstances.Request request) throws InterruptedException {
    return new TerminateInstances(
            spoken.console(json), fake.account(), new LeaseJournal(leases), new Sleepless().poll())
        .run(request);
  }

  private int run(Scope scope, boolean dryRun) throws InterruptedException {
    return run(false, new TerminateInstances.Request(scope, false, dryRun));
  }

  @Test
  void saysWhatItDoesDoesItAndTellsTheResult() throws InterruptedException {
    String mine = put("ann@laptop");
    String legacy = fake.contents().putWindowsOfAutomation();
    String bobs = put("bob@desk");
    String strangers = fake.contents().putInstance(i -> {});
    assertThat(run(OWN, false)).isZero();
    assertThat(spoken.err())
        .startsWith(
            """
            account 123456789012, as arn:aws:iam::123456789012:user/ann, region us-west-2 (for the test)
              terminate instance %1$s in us-west-2 (hg-run-tests, 1 h old, owner ann@laptop)
              terminate instance %2$s in us-west-2 (hg-temp-windows, 1 h old, made by automation.py)
              left: instance %3$s in us-west-2 (hg-run-tests, 1 h old, owner bob@desk): another owner's; --all-owners takes it
            ending instances; EC2 takes a minute or two until they are gone
            """
                .formatted(mine, legacy, bobs));
    assertThat(spoken.err().lines().skip(5)) // tagged and untagged ones go at once
        .containsExactlyInAnyOrder("gone: instance " + mine, "gone: instance " + legacy);
    assertThat(spoken.out())
        .isEqualTo(
            """
            instances: 2 of 2 gone
            estimated cost of what is gone: $0.1016 an hour, $74.17 a month
            """);
    assertThat(fake.contents().alive())
        .extracting(instance -> instance.instanceId())
        .containsExactlyInAnyOrder(bobs, strangers);
  }

  @Test
  void aDryRunShowsThePlanAndChangesNothing() throws InterruptedException {
    String mine = put("ann@laptop");
    assertThat(run(OWN, true)).isZero();
    assertThat(spoken.err()).contains("terminate instance " + mine).doesNotContain("gone: ");
    assertThat(spoken.out())
        .isEqualTo(
            """
            instances: 1 would go
            estimated cost of what would go: $0.0416 an hour, $30.37 a month
            """);
    assertThat(fake.actions())
        .allMatch(action -> action.startsWith("ec2:Describe") || action.startsWith("sts:Get"));
  }

  @Test
  void jsonIsOneDocument() throws InterruptedException {
    String mine = put("ann@laptop");
    String bobs = put("bob@desk");
    fake.contents().protect(mine);
    assertThat(run(true, new TerminateInstances.Request(OWN, false, false))).isEqualTo(4);
    assertThat(spoken.out())
        .isEqualTo(
            """
            {
              "account": "123456789012",
              "caller": "arn:aws:iam::123456789012:user/ann",
              "regions": [
                "us-west-2"
              ],
              "dryRun": false,
              "recovery": [],
              "changes": [
                {
                  "verb": "terminate",
                  "kind": "instance",
                  "region": "us-west-2",
                  "id": "%1$s",
                  "about": "hg-run-tests, 1 h old, owner ann@laptop",
                  "dollarsPerHour": 0.041600,
                  "result": "failed",
                  "why": "cannot terminate %1$s in us-west-2 (ec2:TerminateInstances): OperationNotPermitted: The instance '%1$s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again. (HTTP status 400, request 00000000-0000-0000-0000-000000000000)",
                  "next": "If it is to go, lift its protection and run the command again: aws ec2 modify-instance-attribute --region us-west-2 --instance-id %1$s --no-disable-api-termination"
                }
              ],
              "leftOut": [
                {
                  "kind": "instance",
                  "region": "us-west-2",
                  "id": "%2$s",
                  "about": "hg-run-tests, 1 h old, owner bob@desk",
                  "why": "another owner's; --all-owners takes it"
                }
              ]
            }
            """
                .formatted(mine, bobs));
  }

  @Test
  void whatRemainsIsNamedWithTheCommandAndTheExitCodeIs4() throws InterruptedException {
    String mine = put("ann@laptop");
    put("ann@laptop");
    fake.contents().protect(mine);
    fake.in("us-west-2").putInstance(i -> {});
    assertThat(run(OWN, false)).isEqualTo(4);
    assertThat(spoken.out())
        .startsWith(
            """
            instances: 1 of 2 gone
            estimated cost of what is gone: $0.0416 an hour, $30.37 a month
            estimated cost of what remains: $0.0416 an hour, $30.37 a month
            remains; could not terminate instance %1$s in us-west-2 (hg-run-tests, 1 h old, owner ann@laptop)
              cannot terminate %1$s in us-west-2 (ec2:TerminateInstances): OperationNotPermitted: \
            """
                .formatted(mine))
        .endsWith(" --no-disable-api-termination\n");
  }

  @Test
  void withNothingToDoItSaysSo() throws InterruptedException {
    assertThat(run(OWN, false)).isZero();
    assertThat(spoken.out()).isEqualTo("nothing to do in us-west-2\n");
    assertThat(fake.actions()).noneMatch(action -> action.startsWith("ec2:Terminate"));
  }

  @Test
  void fiftyTakeSixCallsAtMost() throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      put("ann@laptop");
    }
    assertThat(run(OWN, false)).isZero();
    assertThat(spoken.err()).contains("\n5 of 50 done\n", "\n50 of 50 done\n");
    assertThat(spoken.err()).doesNotContain("gone: ");
    List<String> actions = fake.actions();
    int terminate = actions.indexOf("ec2:TerminateInstances");
    assertThat(actions.subList(0, terminate + 1))
        .filteredOn(action -> !action.startsWith("sts:"))
        .hasSizeLessThanOrEqualTo(6);
    assertThat(actions.subList(terminate + 1, actions.size()))
        .as("the wait")
        .containsOnly("ec2:DescribeInstances");
  }

  @Test
  void allRegionsAreCleanedUpAtOnce() throws InterruptedException {
    put("ann@laptop");
    put("eu-central-1", "hg-run-tests", "ann@laptop");
    assertThat(run(true, new TerminateInstances.Request(OWN, true, false))).isZero();
    assertThat(spoken.err()).contains("user/ann, all regions, 2\n");
    assertThat(fake.in("us-west-2").alive()).isEmpty();
    assertThat(fake.in("eu-central-1").alive()).isEmpty();
  }

  @Test
  void whatIsPastItsExpiryGoesWhosesoeverItIs() throws InterruptedException {
    String bobs = put("bob@desk");
    fake.contents()
        .tag(bobs, Map.of("hgauto:expires", Instant.now().minus(Duration.ofMinutes(2)).toString()));
    assertThat(run(OWN, false)).isZero();
    assertThat(spoken.err()).contains("owner bob@desk, expired 2 min ago)");
    assertThat(fake.contents().alive()).isEmpty();
  }

  @Test
  void whatIsEndedOfAKilledRunIsToldEvenIfTheCommandFailsThen() throws InterruptedException {
    String id = Abandoned.put(fake, "us-west-2", leases);
    fake.onCall("ec2:TerminateInstances", Fault.FORBIDDEN);
    fake.onCalls("ec2:DescribeInstances", 2, Integer.MAX_VALUE, Fault.FORBIDDEN);
    assertThatExceptionOfType(EnvironmentException.class).isThrownBy(() -> run(OWN, false));
    assertThat(spoken.err()).contains("warning: could not terminate instance " + id);
  }

  @Test
  void whatFailedFirstAndIsGoneInTheEndDoesNotRemain() throws InterruptedException {
    String id = Abandoned.put(fake, "us-west-2", leases);
    fake.onCall("ec2:TerminateInstances", 1, Fault.FORBIDDEN);
    assertThat(run(OWN, false)).isZero();
    assertThat(spoken.err()).contains("warning: could not terminate instance " + id);
    assertThat(spoken.out()).startsWith("instances: 1 of 1 gone\n").doesNotContain("remains");
    assertThat(fake.contents().alive()).isEmpty();
  }

  @Test
  void aDryRunNamesWhatAKilledRunHasLeft() throws InterruptedException {
    String id = Abandoned.put(fake, "eu-central-1", leases);
    String here = put("ann@laptop");
    assertThat(run(true, new TerminateInstances.Request(OWN, false, true))).isZero();
    assertThat(spoken.err())
        .contains("an earlier run's instance would be ended: terminate instance " + id);
    JsonObject report = JsonParser.parseString(spoken.out()).getAsJsonObject();
    assertThat(ids(report.getAsJsonArray("recovery"))).containsExactly(id);
    assertThat(ids(report.getAsJsonArray("changes"))).containsExactly(here);
    assertThat(fake.actions()).doesNotContain("ec2:TerminateInstances");
    assertThat(run(OWN, false)).isZero();
    assertThat(spoken.out()).contains("instances: 2 of 2 gone\n");
    assertThat(fake.in("eu-central-1").alive()).isEmpty();
  }

  private static List<String> ids(JsonArray things) {
    return things.asList().stream()
        .map(thing -> thing.getAsJsonObject().get("id").getAsString())
        .toList();
  }

  @Test
  void whatIsOnItsWayOutIsWaitedFor() throws InterruptedException {
    fake.behaviour().instancesEndingFor(9);
    String id = put("ann@laptop");
    fake.account().clients().ec2("us-west-2").terminateInstances(r -> r.instanceIds(id));
    assertThat(run(OWN, false)).isZero();
    assertThat(spoken.out()).startsWith("instances: 1 of 1 gone\n");
    assertThat(fake.contents().instances().get(0).state().nameAsString()).isEqualTo("terminated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ec2:DescribeInstances", "sts:GetCallerIdentity"})
  void ifItCannotLookNothingIsChanged(String action) {
    put("ann@laptop");
    fake.onCall(action, Fault.FORBIDDEN);
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> run(OWN, false))
        .withMessageContaining(action);
    assertThat(fake.contents().alive()).hasSize(1);
  }
}
