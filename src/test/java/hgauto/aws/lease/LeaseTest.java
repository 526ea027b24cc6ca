package hgauto.aws.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import hgauto.error.EnvironmentException;
import hgauto.error.LeftoverException;
import hgauto.testbed.aws.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Instance;

/** A machine that is launched, until its end. */
class LeaseTest {
  @TempDir private Path folder;
  private LeaseFixture at;

  @BeforeEach
  void setUp() {
    at = new LeaseFixture(folder);
  }

  private Lease launch() throws InterruptedException {
    return at.leases().launch(at.request());
  }

  private long calls(String action) {
    return at.fake.actions().stream().filter(action::equals).count();
  }

  @Test
  void closingTerminatesAndWaitsAndTheEntryGoesLast() throws Exception {
    at.fake.behaviour().instancesEndingFor(3);
    Lease lease = launch();
    lease.awaitRunning();
    at.fake.onCall(
        "ec2:DescribeInstances", Fault.before(() -> assertThat(at.entries()).hasSize(1)));
    lease.close();
    assertThat(at.fake.contents().instances())
        .extracting(instance -> instance.state().nameAsString())
        .containsExactly("terminated");
    assertThat(at.entries()).isEmpty();
    assertThat(at.time.slept()).hasSeconds(6);
    assertThat(at.told)
        .contains("ending " + lease, lease.id() + " is terminated")
        .anyMatch(
            line -> line.equals(lease + " is launched, and ends itself at " + lease.expires()));
  }

  @Test
  void knowsTheTypeThatItGot() throws Exception {
    at.fake.behaviour().refuseLaunches("c5.9xlarge", null, "InsufficientInstanceCapacity");
    List<String> types = List.of("c5.9xlarge", "c6i.8xlarge");
    try (Lease lease = at.leases().launch(at.request(types, Optional.empty(), Optional.empty()))) {
      assertThat(lease.instanceType()).isEmpty();
      lease.awaitRunning();
      assertThat(lease.instanceType()).hasValue("c6i.8xlarge");
    }
  }

  @Test
  void onlyTheFirstCloseDoesAnything() throws Exception {
    Lease lease = launch();
    lease.close();
    lease.close();
    lease.end();
    assertThat(calls("ec2:TerminateInstances")).isEqualTo(1);
  }

  @Test
  void whoCannotBeToldDoesNotKeepItFromBeingEnded() throws Exception {
    Lease lease = mute().launch(at.request());
    lease.close();
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whoCannotBeToldDoesNotKeepItFromBeingEndedWithTheProcess() throws Exception {
    Lease lease = mute().launch(at.request());
    lease.end();
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whoCannotBeToldDoesNotKeepItFromBeingKept() throws Exception {
    Lease lease = mute().launch(at.request());
    lease.keep();
    lease.close();
    assertThat(at.alive()).containsExactly(lease.id());
  }

  /** Nobody hears what they say. */
  private Leases mute() {
    Consumer<String> full =
        text -> {
          throw new IllegalStateException("no space left");
        };
    return new Leases(at.account, at.journal, "run-1", at.time.poll(), full, full);
  }

  /** EC2 shows for an hour what has ended. */
  @Test
  void whatIsGoneAlreadyIsClosedAllTheSame() throws Exception {
    Lease lease = launch();
    lease.awaitRunning();
    at.account.clients().ec2("us-west-2").terminateInstances(r -> r.instanceIds(lease.id()));
    at.fake.onCall("ec2:TerminateInstances", Fault.refused("InvalidInstanceID.NotFound"));
    lease.close();
    assertThat(at.entries()).isEmpty();
  }

  /** It was seen, but not all of EC2 knows of it yet. */
  @Test
  void whatIsNotFoundThoughItWasSeenIsToldAgain() throws Exception {
    Lease lease = launch();
    lease.awaitRunning();
    at.fake.onCalls("ec2:TerminateInstances", 1, 2, Fault.refused("InvalidInstanceID.NotFound"));
    lease.close();
    assertThat(at.alive()).isEmpty();
    assertThat(calls("ec2:TerminateInstances")).isEqualTo(3);
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whatIsNeverFoundKeepsItsEntry() throws Exception {
    Lease lease = launch();
    lease.awaitRunning();
    at.fake.onCall("ec2:TerminateInstances", Fault.refused("InvalidInstanceID.NotFound"));
    assertThatThrownBy(lease::close)
        .isInstanceOf(LeftoverException.class)
        .hasMessage(lease + " may still be there");
    assertThat(at.entries()).hasSize(1);
  }

  /** "Not found" in the first seconds does not mean that there is none. */
  @Test
  void whatEc2DoesNotKnowYetIsEndedOnceItDoes() throws Exception {
    at.fake.behaviour().instancesHiddenFor(3);
    Lease lease = launch();
    lease.close();
    assertThat(at.alive()).isEmpty();
    assertThat(calls("ec2:TerminateInstances")).isEqualTo(3);
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whatCannotBeEndedIsNamedWithTheCommandThatEndsIt() throws Exception {
    Lease lease = launch();
    at.fake.contents().protect(lease.id());
    LeftoverException e = catchThrowableOfType(LeftoverException.class, lease::close);
    assertThat(e).hasMessage(lease + " may still be there");
    assertThat(e.exitCode()).isEqualTo(4);
    assertThat(e.why())
        .startsWith("cannot terminate " + lease.id() + " in us-west-2 (ec2:TerminateInstances)")
        .contains("OperationNotPermitted");
    assertThat(e.next())
        .endsWith("aws ec2 terminate-instances --region us-west-2 --instance-ids " + lease.id());
    assertThat(at.entries()).hasSize(1);
    lease.close(); // is no second attempt
    assertThat(calls("ec2:TerminateInstances")).isEqualTo(1);
  }

  @Test
  void aThreadThatIsInterruptedClosesAllTheSameAndStaysInterrupted() throws Exception {
    Lease lease = launch();
    Thread.currentThread().interrupt();
    lease.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(at.alive()).isEmpty();
    assertThat(at.entries()).isEmpty();
  }

  @Test
  void whenTheProcessIsEndedTheLastWordsTellWhatHappens() throws Exception {
    Lease lease = launch();
    lease.end();
    assertThat(at.alive()).isEmpty();
    assertThat(at.lastWords)
        .containsExactly(
            "ending " + lease + "; Ctrl-C stops waiting for that", lease.id() + " is terminated");
    assertThat(at.told).noneMatch(line -> line.contains("terminated"));
  }

  @Test
  void whatCannotBeEndedThenIsToldWithTheCommandToo() throws Exception {
    Lease lease = launch();
    at.fake.onCall("ec2:TerminateInstances", Fault.FORBIDDEN);
    lease.end();
    assertThat(at.lastWords).hasSize(2);
    assertThat(at.lastWords.get(1))
        .startsWith(lease + " may still be there\n")
        .endsWith("--instance-ids " + lease.id());
  }

  @Test
  void whoDoesNotWaitLearnsWhatIsLeft() throws Exception {
    Lease lease = launch();
    lease.abandon();
    assertThat(at.lastWords)
        .containsExactly(
            lease
                + " is still there; end it with: aws ec2 terminate-instances --region us-west-2"
                + " --instance-ids "
                + lease.id()
                + "\n  hgauto list-ec2-resources (or any command that uses EC2) ends it.");
    lease.close();
    lease.abandon();
    assertThat(at.lastWords).hasSize(1);
  }

  @Test
  void whatIsKeptStaysUntilItExpires() throws Exception {
    Lease lease = launch();
    lease.keep();
    lease.close();
    lease.abandon();
    assertThat(at.lastWords).isEmpty();
    lease.end();
    assertThat(at.alive()).containsExactly(lease.id());
    assertThat(at.told).contains(lease + " is kept, and ends itself at " + lease.expires());
    assertThat(at.recover()).isEmpty();
    assertThat(at.alive()).containsExactly(lease.id());
    assertThat(at.entries()).hasSize(1);
  }

  @Test
  void itIsWaitedForUntilItRuns() throws Exception {
    at.fake.behaviour().instancesHiddenFor(1).instancesPendingFor(2);
    try (Lease lease = launch()) {
      assertThat(lease.awaitRunning())
          .isEqualTo(at.fake.contents().instances().get(0).publicIpAddress());
      assertThat(at.time.slept()).hasSeconds(6);
    }
  }

  @Test
  void whatEndsBeforeItRunsIsAnErrorAtOnce() throws Exception {
    at.fake.behaviour().instancesPendingFor(1);
    try (Lease lease = launch()) {
      at.account.clients().ec2("us-west-2").terminateInstances(r -> r.instanceIds(lease.id()));
      assertThatThrownBy(lease::awaitRunning)
          .isInstanceOf(EnvironmentException.class)
          .hasMessage(lease.id() + " in us-west-2 ended before it ran");
      assertThat(at.time.slept()).isZero();
    }
  }

  @Test
  void aSpotInstanceThatIsTakenBackBeforeItRunsSaysSo() throws Exception {
    at.fake.behaviour().instancesPendingFor(1);
    try (Lease lease = at.leases().launch(at.spot())) {
      at.fake.contents().interrupt(lease.id());
      EnvironmentException e =
          catchThrowableOfType(EnvironmentException.class, lease::awaitRunning);
      assertThat(e.why()).startsWith("EC2 took it back").contains("Server.SpotInstanceTermination");
      assertThat(e.next()).contains("--spot");
    }
  }

  @Test
  void whyARunningOneWasLostIsToldByEc2() throws Exception {
    try (Lease lease = at.leases().launch(at.spot())) {
      lease.awaitRunning();
      assertThat(lease.whyEnded()).isEmpty();
      at.fake.contents().interrupt(lease.id());
      assertThat(lease.whyEnded())
          .contains(
              "EC2 took it back, as it may with spot instances:"
                  + " Server.SpotInstanceTermination: Spot instance termination");
      at.fake.onCall("ec2:DescribeInstances", Fault.FORBIDDEN);
      assertThat(lease.whyEnded()).isEmpty();
      at.fake.withoutFaults();
    }
  }

  @Test
  void whatWeHaveEndedHasNotEndedByItself() throws Exception {
    Lease lease = launch();
    lease.awaitRunning();
    lease.close(); // as an interrupt does while another thread finds it lost
    assertThat(lease.whyEnded()).isEmpty();
  }

  @Test
  void theVolumeOfADiskWasSeenWhenItRan() throws Exception {
    try (Lease lease = launch()) {
      lease.awaitRunning();
      long looks = calls("ec2:DescribeInstances");
      assertThat(lease.volumeId("/dev/sdb")).contains(volumeOf("/dev/sdb"));
      assertThat(lease.volumeId("/dev/sda1")).contains(volumeOf("/dev/sda1"));
      assertThat(calls("ec2:DescribeInstances")).isEqualTo(looks);
    }
  }

  @Test
  void aVolumeThatWasNotSeenIsAskedForOnce() throws Exception {
    try (Lease lease = launch()) {
      assertThat(lease.volumeId("/dev/sdb")).contains(volumeOf("/dev/sdb"));
      assertThat(lease.volumeId("/dev/sdf")).isEmpty();
      assertThat(calls("ec2:DescribeInstances")).isEqualTo(2);
    }
  }

  private String volumeOf(String device) {
    return at.fake.contents().volumes().stream()
        .filter(volume -> volume.attachments().get(0).device().equals(device))
        .findFirst()
        .orElseThrow()
        .volumeId();
  }

  @Test
  void whatNeverRunsIsWaitedForForFiveMinutes() throws Exception {
    at.fake.behaviour().instancesPendingFor(1000);
    try (Lease lease = launch()) {
      EnvironmentException e =
          catchThrowableOfType(EnvironmentException.class, lease::awaitRunning);
      assertThat(e)
          .hasMessage("timed out waiting for " + lease.id() + " to run and have an address");
      assertThat(e.why()).isEqualTo("it was pending in 300 s");
    }
  }

  @Test
  void theMetadataServiceIsTurnedOff() throws Exception {
    try (Lease lease = launch()) {
      lease.awaitRunning();
      lease.turnOffMetadata();
      assertThat(at.fake.contents().instances())
          .extracting(Instance::metadataOptions)
          .extracting(o -> o.httpEndpointAsString(), o -> o.httpTokensAsString())
          .containsExactly(tuple("disabled", "required"));
    }
  }
}
