package hgauto.aws.lease;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.testbed.LockHolder;
import hgauto.testbed.aws.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
  private static final Duration LIFETIME = Duration.ofHours(4);

  @TempDir private Path folder;
  private LeaseFixture at;

  @BeforeEach
  void setUp() {
    at = new LeaseFixture(folder);
  }

  /** An instance whose owner was killed. */
  private String leave(String region, Duration lifetime) {
    return at.launchFor(at.leave(at.entry(region, lifetime)));
  }

  private long calls(String action) {
    return at.fake.actions().stream().filter(action::equals).count();
  }

  private void letAwsTimeBe(Duration fromNow) {
    at.fake.setClock(Clock.offset(Clock.systemUTC(), fromNow));
  }

  @Test
  void anEmptyJournalCostsNoCall() throws Exception {
    assertThat(at.recover()).isEmpty();
    assertThat(at.fake.calls()).isEmpty();
  }

  @Test
  void whatAKilledRunLeftIsEndedAndWaitedFor() throws Exception {
    at.fake.behaviour().instancesEndingFor(2);
    String id = leave("us-west-2", LIFETIME);
    assertThat(at.recover())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.result()).isEqualTo(Outcome.Result.DONE);
              assertThat(outcome.id()).isEqualTo(id);
              assertThat(outcome.change().toString())
                  .startsWith("terminate instance " + id + " in us-west-2 (hg-linux-dev, launched");
            });
    assertThat(at.fake.contents().instances().get(0).state().nameAsString())
        .isEqualTo("terminated");
    assertThat(at.entries()).isEmpty();
    assertThat(at.told).singleElement().asString().contains(id);
    assertThat(calls("ec2:RunInstances")).isEqualTo(1); // that of the test itself
  }

  @Test
  void whatIsPendingIsNamedAndLeftAlone() throws Exception {
    String id = leave("us-west-2", LIFETIME);
    String gone = leave("us-west-2", LIFETIME);
    at.fake.contents().vanish(gone);
    assertThat(at.pending()).extracting(Change::id).containsExactly(id);
    assertThat(at.alive()).containsExactly(id);
    at.fake.onCall("ec2:DescribeInstances", Fault.FORBIDDEN);
    assertThat(at.pending())
        .extracting(Change::id)
        .hasSize(2)
        .allMatch(it -> it.startsWith("hgauto-"));
    at.fake.withoutFaults();
    assertThat(at.recover()).as("nobody holds the entries").hasSize(1);
  }

  @Test
  void everyRegionIsLookedAt() throws Exception {
    leave("us-west-2", LIFETIME);
    leave("eu-west-1", LIFETIME);
    assertThat(at.recover()).hasSize(2);
    assertThat(at.fake.in("eu-west-1").alive()).isEmpty();
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void aStoppedInstanceIsEndedToo() throws Exception {
    String id = leave("us-west-2", LIFETIME);
    at.account.clients().ec2("us-west-2").stopInstances(r -> r.instanceIds(id));
    assertThat(at.recover()).hasSize(1);
    assertThat(at.alive()).isEmpty();
  }

  @Test
  void whatHasEndedByItselfIsDone() throws Exception {
    String id = leave("us-west-2", LIFETIME);
    at.account.clients().ec2("us-west-2").terminateInstances(r -> r.instanceIds(id));
    at.recover();
    at.recover();
    assertThat(at.entries()).isEmpty();
    assertThat(at.fake.actions().stream().filter("ec2:TerminateInstances"::equals).count())
        .isLessThanOrEqualTo(2);
  }

  private static final Fault NOT_FOUND = Fault.refused("InvalidInstanceID.NotFound");

  @Test
  void whatEndsWhileItIsLookedAtIsDone() throws Exception {
    leave("us-west-2", LIFETIME);
    at.fake.onCalls("ec2:TerminateInstances", 2, 9, NOT_FOUND);
    at.fake.onCall(
        "ec2:TerminateInstances",
        1,
        Fault.before(
            () -> {
              var ec2 = at.account.clients().ec2("us-west-2");
              ec2.terminateInstances(r -> r.instanceIds(at.alive()));
            }));
    assertThat(at.recover()).extracting(Outcome::result).containsExactly(Outcome.Result.DONE);
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whatGoesWhileItIsLookedAtIsDoneOnceItIsOld() throws Exception {
    String id = leave("us-west-2", LIFETIME);
    letAwsTimeBe(Duration.ofMinutes(16));
    at.fake.onCall("ec2:TerminateInstances", Fault.before(() -> at.fake.contents().vanish(id)));
    assertThat(at.recover()).extracting(Outcome::result).containsExactly(Outcome.Result.DONE);
    assertThat(at.entries()).isEmpty();
  }

  /** Not all of EC2 knows at once of a new instance. */
  @Test
  void whatIsFoundAndThenNotKnownIsToldAgain() throws Exception {
    leave("us-west-2", LIFETIME);
    at.fake.onCalls("ec2:TerminateInstances", 1, 3, NOT_FOUND);
    assertThat(at.recover()).extracting(Outcome::result).containsExactly(Outcome.Result.DONE);
    assertThat(calls("ec2:TerminateInstances")).isEqualTo(4);
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whatStaysUnknownIsLeftToTheNextCommand() throws Exception {
    String id = leave("us-west-2", LIFETIME);
    at.fake.onCall("ec2:TerminateInstances", NOT_FOUND);
    assertThat(at.recover())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.failed()).isTrue();
              assertThat(outcome.why())
                  .contains("timed out waiting for EC2 to know " + id)
                  .contains("InvalidInstanceID.NotFound");
              assertThat(outcome.next()).contains("tries it again").endsWith(id);
            });
    assertThat(at.entries()).hasSize(1);
    at.fake.withoutFaults();
    assertThat(at.recover()).extracting(Outcome::result).containsExactly(Outcome.Result.DONE);
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void otherAccountsEntriesStayAndAreNoError() throws Exception {
    LeaseEntry ours = at.entry("us-west-2", LIFETIME);
    at.leave(
        new LeaseEntry(
            LeaseEntry.newToken(),
            "999999999999",
            "us-west-2",
            ours.owner(),
            ours.run(),
            ours.name(),
            ours.created().minus(Duration.ofDays(9)),
            ours.expires().minus(Duration.ofDays(9)),
            false,
            "i-1"));
    at.fake.forgetCalls();
    assertThat(at.recover()).isEmpty();
    assertThat(at.entries()).hasSize(1);
    assertThat(at.fake.actions()).containsExactly("sts:GetCallerIdentity");
  }

  @Test
  void whatWasKeptOnPurposeIsEndedOnceItHasExpired() throws Exception {
    at.launchFor(at.leave(at.entry("us-west-2", LIFETIME).asKept()));
    assertThat(at.recover()).isEmpty();
    assertThat(at.alive()).hasSize(1);
    letAwsTimeBe(LIFETIME.plusMinutes(1));
    assertThat(at.recover()).hasSize(1);
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whatALivingProcessHoldsIsLeftAlone() throws Exception {
    LeaseEntry entry = at.leave(at.entry("us-west-2", LIFETIME));
    at.launchFor(entry);
    try (LockHolder other = LockHolder.of(folder.resolve(entry.token()).resolve("lock"))) {
      assertThat(at.recover()).as("while %s lives", other).isEmpty();
      assertThat(at.alive()).hasSize(1);
    }
    assertThat(at.recover()).hasSize(1);
    assertThat(at.alive()).isEmpty();
  }

  @Test
  void twoCommandsAtOnceDoNotDoItTwice() throws Exception {
    leave("us-west-2", LIFETIME);
    at.fake.onCall(
        "ec2:TerminateInstances",
        Fault.before(
            () -> {
              try {
                assertThat(at.recover()).isEmpty();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }));
    assertThat(at.recover()).extracting(Outcome::result).containsExactly(Outcome.Result.DONE);
    assertThat(calls("ec2:TerminateInstances")).isEqualTo(1);
  }

  @Test
  void anEntryThatFindsNothingIsLookedAtAgainFor15Minutes() throws Exception {
    LeaseEntry entry = at.leave(at.entry("us-west-2", LIFETIME));
    assertThat(at.recover()).isEmpty();
    letAwsTimeBe(Duration.ofMinutes(14));
    assertThat(at.recover()).isEmpty();
    assertThat(at.entries()).hasSize(1);
    at.launchFor(entry); // the request was slow
    assertThat(at.recover()).hasSize(1);
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  /** This machine's clock is 10 minutes off; the entry and what looks at it go by AWS's. */
  @Test
  void theFifteenMinutesAreThoseOfAws() throws Exception {
    LeaseFixture slow = new LeaseFixture(Files.createDirectory(folder.resolve("slow")));
    slow.fake.setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10)));
    slow.leave(slow.entry("us-west-2", LIFETIME));
    slow.fake.setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(4)));
    slow.recover();
    assertThat(slow.entries()).hasSize(1);
    slow.fake.setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(6)));
    assertThat(slow.recover()).isEmpty();
    assertThat(slow.entries()).isEmpty();
    assertThat(slow.fake.actions()).doesNotContain("ec2:TerminateInstances");
  }

  @Test
  void whatFailsIsToldWithTheIdTheReasonAndTheCommandAndTriedAgain() throws Exception {
    String id = leave("us-west-2", LIFETIME);
    String other = leave("eu-west-1", LIFETIME);
    at.fake.contents().protect(id);
    List<Outcome> outcomes = at.recover();
    assertThat(outcomes).extracting(Outcome::failed).containsExactlyInAnyOrder(true, false);
    Outcome failed = outcomes.stream().filter(Outcome::failed).findFirst().orElseThrow();
    assertThat(failed.id()).isEqualTo(id);
    assertThat(failed.why()).contains("(ec2:TerminateInstances)").contains("OperationNotPermitted");
    assertThat(failed.next())
        .startsWith("If it is to go, lift its protection")
        .contains("--region us-west-2 --instance-id " + id);
    assertThat(at.fake.in("eu-west-1").alive()).as(other).isEmpty();
    assertThat(at.entries()).hasSize(1);
    assertThat(at.recover()).extracting(Outcome::failed).containsExactly(true);
  }

  @Test
  void aRefusalNamesTheRemedyAndTheCommand() throws Exception {
    String id = leave("us-west-2", LIFETIME);
    at.fake.onCall("ec2:TerminateInstances", Fault.FORBIDDEN);
    assertThat(at.recover())
        .singleElement()
        .satisfies(
            outcome ->
                assertThat(outcome.next())
                    .startsWith("Allow ec2:TerminateInstances (docs/aws-permissions.md")
                    .endsWith(
                        "aws ec2 terminate-instances --region us-west-2 --instance-ids " + id));
  }

  /** Here something stands where the entry is to be moved to. */
  @Test
  void whatEndedHasEndedThoughItsEntryCannotBeRemoved() throws Exception {
    LeaseEntry entry = at.leave(at.entry("us-west-2", LIFETIME));
    at.launchFor(entry);
    Path inTheWay = Files.createDirectory(folder.resolve("." + entry.token()));
    Files.createFile(inTheWay.resolve("file"));
    assertThat(at.recover()).extracting(Outcome::result).containsExactly(Outcome.Result.DONE);
    assertThat(at.alive()).isEmpty();
    Files.delete(inTheWay.resolve("file"));
    assertThat(at.recover()).extracting(Outcome::result).containsExactly(Outcome.Result.ALREADY);
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whereEc2CannotBeAskedTheTokenTellsWhatToLookFor() throws Exception {
    leave("us-west-2", LIFETIME);
    at.fake.onCall("ec2:DescribeInstances", Fault.FORBIDDEN);
    assertThat(at.recover())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.failed()).isTrue();
              assertThat(outcome.why()).contains("(ec2:DescribeInstances)");
              assertThat(outcome.next())
                  .endsWith(
                      "aws ec2 describe-instances --region us-west-2 --filters"
                          + " Name=client-token,Values="
                          + at.entries().get(0));
            });
    at.fake.withoutFaults();
    assertThat(at.recover()).extracting(Outcome::failed).containsExactly(false);
    assertThat(at.alive()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsReportedByEveryCommand() throws IOException, InterruptedException {
    LeaseEntry entry = at.leave(at.entry("us-west-2", LIFETIME));
    Files.writeString(folder.resolve(entry.token()).resolve("lease.json"), "{\"token\": \"hg");
    leave("us-west-2", LIFETIME);
    assertThat(at.recover()).extracting(Outcome::failed).containsExactly(false, true);
    assertThat(at.alive()).isEmpty();
    assertThat(at.recover())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.change().toString()).isEqualTo("read lease " + entry.token());
              assertThat(outcome.why()).startsWith("it is not the JSON of a lease");
              assertThat(outcome.next())
                  .contains("its client token was " + entry.token() + ")")
                  .endsWith(folder.resolve("unreadable").resolve(entry.token()).toString());
            });
  }

  @Test
  void whatCannotBeUsedIsReportedAndTheOthersAreEnded() throws IOException, InterruptedException {
    LeaseEntry bad = at.leave(at.entry("us-west-2", LIFETIME));
    Path lock = folder.resolve(bad.token()).resolve("lock");
    Files.delete(lock);
    Files.createDirectory(lock);
    leave("us-west-2", LIFETIME);
    List<Outcome> outcomes = at.recover();
    assertThat(outcomes).extracting(Outcome::failed).containsExactly(false, true);
    assertThat(outcomes.get(1).next())
        .contains(lock.getParent() + " is about; its client token was " + bad.token() + ".");
    assertThat(at.alive()).isEmpty();
  }

  /** The second of a name has a number behind it, which is no part of the token. */
  @Test
  void whatIsToBeLookedForIsTheTokenAlone() throws IOException, InterruptedException {
    String token = LeaseEntry.newToken();
    Files.createDirectories(folder.resolve("unreadable").resolve(token + "-2"));
    assertThat(at.recover())
        .singleElement()
        .satisfies(
            outcome ->
                assertThat(outcome.next()).contains("was " + token + ")").doesNotContain("REGION"));
  }

  @Test
  void manyAreEndedAtOnce() throws Exception {
    for (int i = 0; i < 40; i++) {
      leave(i % 2 == 0 ? "us-west-2" : "eu-west-1", LIFETIME);
    }
    assertThat(at.recover()).hasSize(40).noneMatch(Outcome::failed);
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }
}
