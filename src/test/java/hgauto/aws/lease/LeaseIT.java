package hgauto.aws.lease;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;
import hgauto.testbed.JavaProgram;
import hgauto.testbed.LeaseProgram;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.aws.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;

/** Processes that hold leases of moto's, and what is left of those when they are ended. */
class LeaseIT {
  /** Calls of one lease's whole life: who, launch, look, end, look. */
  private static final int CALLS = 5;

  @TempDir private Path folder;
  private AwsProxy proxy;
  private Path leases;
  private LeaseJournal journal;
  private String image;

  @BeforeEach
  void setUp() throws IOException {
    proxy = new AwsProxy();
    leases = Files.createDirectory(folder.resolve("leases"));
    journal = new LeaseJournal(leases);
    image =
        ec2()
            .registerImage(
                r ->
                    r.name("hg-linux-dev-debian12")
                        .rootDeviceName("/dev/sda1")
                        .architecture("x86_64"))
            .imageId();
    ec2().createKeyPair(r -> r.keyName("hg-automation"));
    proxy.forgetCalls();
  }

  @AfterEach
  void tearDown() {
    if (proxy != null) {
      proxy.close();
    }
  }

  private Ec2Client ec2() {
    return proxy.clients().ec2(AwsProxy.REGION);
  }

  private JavaProgram start(int count) throws IOException {
    return new JavaProgram(
        LeaseProgram.class,
        folder,
        proxy.environment(),
        leases.toString(),
        image,
        "hg-automation",
        Integer.toString(count));
  }

  private List<Instance> instances() {
    proxy.withoutFaults();
    return ec2().describeInstances().reservations().stream()
        .flatMap(reservation -> reservation.instances().stream())
        .toList();
  }

  private List<String> alive() {
    return instances().stream()
        .filter(instance -> !instance.state().nameAsString().equals("terminated"))
        .map(Instance::instanceId)
        .toList();
  }

  private List<Outcome> nextCommand() throws InterruptedException {
    proxy.withoutFaults();
    Poll poll = new Sleepless().poll();
    return new Recovery(proxy.account(), journal, poll, line -> {}).run();
  }

  private void assertThatTheNextCommandLeavesNothing() throws InterruptedException {
    assertThat(nextCommand()).noneMatch(Outcome::failed);
    assertThat(alive()).isEmpty();
    assertThat(instances()).hasSizeLessThanOrEqualTo(1);
    assertThat(journal.unreadable()).isEmpty();
  }

  @Test
  void aWholeLifeLeavesNothing() throws Exception {
    try (JavaProgram program = start(1)) {
      program.awaitWords("ready").endInput();
      assertThat(program.end()).as(program.err()).isZero();
      assertThat(proxy.actions())
          .hasSize(CALLS)
          .containsSubsequence("ec2:RunInstances", "ec2:TerminateInstances");
    }
    assertThat(alive()).isEmpty();
    assertThat(leases).isEmptyDirectory();
  }

  /** The SDK repeats what fails; a request that is repeated must do nothing twice. */
  @ParameterizedTest(name = "call {0}: {1}")
  @MethodSource("passingFaults")
  void whatPassesIsSurvivedAndNothingIsLaunchedTwice(int call, String name, Fault fault, int times)
      throws Exception {
    proxy.onCalls(call, call + times - 1, fault);
    Leases leasing =
        new Leases(proxy.account(), journal, "run", new Sleepless().poll(), line -> {}, line -> {});
    try (Lease lease = leasing.launch(request())) {
      assertThat(lease.awaitRunning()).isNotEmpty();
    }
    assertThat(proxy.calls()).hasSize(CALLS + times);
    assertThat(instances()).as(name).hasSize(1);
    assertThat(alive()).isEmpty();
    assertThat(leases).isEmptyDirectory();
  }

  static Stream<Arguments> passingFaults() {
    return IntStream.rangeClosed(1, CALLS)
        .boxed()
        .flatMap(
            call ->
                Stream.of(
                    Arguments.of(call, "throttled 3 times", Fault.THROTTLED, 3),
                    Arguments.of(call, "dropped before it took effect", Fault.DROPPED_BEFORE, 1),
                    Arguments.of(call, "answer lost", Fault.ANSWER_LOST, 1)));
  }

  private LaunchRequest request() {
    return new LaunchRequest(
        "hg-linux-dev",
        image,
        List.of("t3.medium"),
        "hg-automation",
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(),
        LaunchRequest.DEFAULT_LIFETIME,
        new LinuxUserData());
  }

  @ParameterizedTest(name = "call {0}, after it took effect: {1}")
  @CsvSource({
    "1, false",
    "1, true",
    "2, false",
    "2, true",
    "3, false",
    "3, true",
    "4, false",
    "4, true",
    "5, false",
    "5, true"
  })
  void killedAtAnyCallTheNextCommandLeavesNothing(int call, boolean after) throws Exception {
    AtomicReference<JavaProgram> started = new AtomicReference<>();
    Runnable kill = () -> started.get().close();
    proxy.onCall(call, after ? Fault.after(kill) : Fault.instead(kill));
    try (JavaProgram program = start(1)) {
      started.set(program);
      program.endInput();
      assertThat(program.end()).as(program.err()).isEqualTo(137);
    }
    assertThatTheNextCommandLeavesNothing();
    boolean unanswered = call == 2 && !after;
    assertThat(leases.toFile().list()).hasSize(unanswered ? 1 : 0); // is looked at for 15 minutes
  }

  @ParameterizedTest(name = "call {0}, {1}")
  @CsvSource({
    "1, INT, 130", "2, INT, 130", "3, INT, 130", "4, INT, 130", "5, INT, 130",
    "1, TERM, 143", "2, TERM, 143", "3, TERM, 143", "4, TERM, 143", "5, TERM, 143"
  })
  void endedAtAnyCallItLeavesNothing(int call, String signal, int exitCode) throws Exception {
    AtomicReference<JavaProgram> started = new AtomicReference<>();
    Runnable interrupt =
        () -> {
          started.get().signal(signal);
          if (call > 1) { // else there is no lease yet
            started.get().awaitWords("ending ");
          }
        };
    proxy.onCall(call, Fault.before(interrupt));
    try (JavaProgram program = start(1)) {
      started.set(program);
      program.endInput();
      assertThat(program.end()).as(program.err()).isEqualTo(exitCode);
      assertThat(program.err()).doesNotContain("may still be there");
    }
    assertThat(alive()).isEmpty();
    assertThat(leases).isEmptyDirectory();
    assertThat(instances()).hasSizeLessThanOrEqualTo(1);
  }

  /** The answer does not come in time, so what it would tell is looked for. */
  @Test
  void aLaunchUnderWayIsAwaitedForAWhileAndThenFoundByItsToken() throws Exception {
    AtomicReference<JavaProgram> started = new AtomicReference<>();
    proxy.onCall("ec2:RunInstances", 1, Fault.after(() -> started.get().signal("INT").end()));
    try (JavaProgram program = start(1)) {
      started.set(program);
      assertThat(program.end()).as(program.err()).isEqualTo(130);
      assertThat(program.err()).contains("ending the launch under way").contains(" is terminated");
    }
    assertThat(alive()).isEmpty();
    assertThat(instances()).hasSize(1);
    assertThat(leases).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void allLeasesAreEndedAndItSaysSo(String signal, int exitCode) throws Exception {
    try (JavaProgram program = start(2)) {
      program.awaitWords("ready").signal(signal);
      assertThat(program.end()).isEqualTo(exitCode);
      assertThat(instances())
          .hasSize(2)
          .allSatisfy(
              instance ->
                  assertThat(program.err())
                      .contains("ending " + instance.instanceId() + " (hg-linux-dev in us-west-2)")
                      .contains(instance.instanceId() + " is terminated"));
    }
    assertThat(alive()).isEmpty();
    assertThat(leases).isEmptyDirectory();
  }

  @Test
  void aSecondCtrlCStopsWaitingAndTellsWhatIsLeft() throws Exception {
    try (JavaProgram program = start(1)) {
      program.awaitWords("ready");
      proxy.onCall(
          "ec2:TerminateInstances",
          Fault.instead(() -> assertThat(program.signal("INT").end()).isEqualTo(130)));
      program.signal("INT");
      assertThat(program.end()).isEqualTo(130);
      String id = alive().get(0);
      assertThat(program.err())
          .contains(id + " (hg-linux-dev in us-west-2) is still there; end it with: aws ec2")
          .contains("terminate-instances --region us-west-2 --instance-ids " + id);
    }
    assertThatTheNextCommandLeavesNothing();
    assertThat(leases).isEmptyDirectory();
  }

  @Test
  void whatALivingProcessHoldsIsLeftAloneByOthersWithItsStateFolder() throws Exception {
    try (JavaProgram program = start(1)) {
      program.awaitWords("ready");
      assertThat(nextCommand()).isEmpty();
      assertThat(alive()).hasSize(1);
    }
    assertThatTheNextCommandLeavesNothing();
    assertThat(leases).isEmptyDirectory();
  }
}
