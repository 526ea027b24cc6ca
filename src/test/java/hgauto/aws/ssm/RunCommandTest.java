package hgauto.aws.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.testbed.aws.CommandOutcome;
import hgauto.testbed.aws.Fault;
import hgauto.testbed.aws.SentCommand;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.AbortedException;

class RunCommandTest extends CommandScene {
  private static final CommandOutcome DONE = CommandOutcome.exit(0, "hello\r\n", "");

  private void answer(CommandOutcome outcome) {
    aws.commands().answer(sent -> outcome);
  }

  private String id() {
    return aws.commands().sent().get(0).id();
  }

  private String name() {
    return "say on " + INSTANCE + " (command " + id() + ")";
  }

  private <T extends Throwable> T failure(Class<T> type) {
    return catchThrowableOfType(type, this::run);
  }

  @Test
  void runsAScriptAndTellsHowItEnded() throws InterruptedException {
    answer(DONE);
    assertThat(run()).isEqualTo(new CommandResult(0, "hello\r\n", "", id()));
    SentCommand sent = aws.commands().sent().get(0);
    assertThat(sent.script()).isEqualTo("& {\n'hello'\n} 'e30='\n");
    assertThat(sent.comment()).isEqualTo("say");
    assertThat(sent.mayTake()).isEqualTo(MINUTE);
    assertThat(sent.mayWait()).isEqualTo(Duration.ofMinutes(10));
    assertThat(pauses).isEmpty();
    assertThat(aws.commands().cancelled()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, -1073741819})
  void anExitCodeIsAResult(int code) throws InterruptedException {
    answer(CommandOutcome.exit(code, "out", "wrong"));
    assertThat(run()).isEqualTo(new CommandResult(code, "out", "wrong", id()));
  }

  @Test
  void aShortOneIsSeenToEndSoonAndALongOneIsNotLookedAtTooOften() throws InterruptedException {
    answer(DONE.taking(Duration.ofMillis(300)));
    run();
    assertThat(waited()).isEqualTo(Duration.ofMillis(500));
    pauses.clear();
    answer(DONE.taking(MINUTE));
    run();
    assertThat(pauses).hasSizeLessThan(75).endsWith(Duration.ofSeconds(1));
    assertThat(waited()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(62));
  }

  @Test
  void thatNobodyKnowsItJustAfterItWasSentIsNotYet() throws InterruptedException {
    answer(DONE.hiddenFor(Duration.ofSeconds(3)));
    assertThat(run().output()).isEqualTo("hello\r\n");
    assertThat(waited()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
  }

  @Test
  void waitsForOneThatIsPendingForMinutes() throws InterruptedException {
    answer(DONE.pendingFor(Duration.ofMinutes(9)).taking(MINUTE));
    assertThat(run().exitCode()).isZero();
    assertThat(waited()).isBetween(Duration.ofMinutes(10), Duration.ofSeconds(602));
  }

  @Test
  void anInstanceThatIsNotKnownEverywhereYetIsToldAgain() throws InterruptedException {
    aws.onCalls("ssm:SendCommand", 1, 3, Fault.refused("InvalidInstanceId"));
    run();
    assertThat(waited()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void anInstanceThatStaysUnknownIsLost() {
    aws.onCall("ssm:SendCommand", Fault.refused("InvalidInstanceId", "not in a valid state"));
    MachineLostException failure = failure(MachineLostException.class);
    assertThat(failure.what()).isEqualTo(INSTANCE + " does not take say");
    assertThat(failure.why())
        .startsWith("Systems Manager said for 60 s: InvalidInstanceId: not in a valid state");
    assertThat(waited()).isLessThanOrEqualTo(MINUTE);
  }

  @Test
  void oneWhoseAgentIsLostBeforeIsLost() {
    aws.commands().loseConnection(INSTANCE);
    assertThat(failure(MachineLostException.class).what())
        .isEqualTo(INSTANCE + " does not take say");
    assertThat(aws.commands().sent()).isEmpty();
  }

  @Test
  void whatSystemsManagerRefusesIsToldAtOnce() {
    aws.onCall("ssm:SendCommand", Fault.FORBIDDEN);
    EnvironmentException failure = failure(EnvironmentException.class);
    assertThat(failure.what())
        .isEqualTo("cannot run say on " + INSTANCE + " in us-west-2 (ssm:SendCommand)");
    assertThat(failure.next()).contains("Allow ssm:SendCommand");
    assertThat(pauses).isEmpty();
  }

  @Test
  void throttlingPasses() throws InterruptedException {
    aws.onCalls("ssm:SendCommand", 1, 3, Fault.THROTTLED);
    aws.onCalls("ssm:GetCommandInvocation", 1, 10, Fault.THROTTLED);
    answer(DONE);
    assertThat(run().exitCode()).isZero();
    assertThat(aws.commands().sent()).hasSize(1);
  }

  /** The code is Systems Manager's, the message is that of its answers. */
  @ParameterizedTest
  @ValueSource(strings = {"ssm:SendCommand", "ssm:GetCommandInvocation"})
  void throttlingThatDoesNotPassIsToldWithWhatToDo(String action) {
    aws.onCall(action, Fault.refused("ThrottlingException", "Rate exceeded"));
    EnvironmentException failure = failure(EnvironmentException.class);
    assertThat(failure.what()).endsWith("(" + action + ")");
    assertThat(failure.why()).startsWith("ThrottlingException: Rate exceeded");
    assertThat(failure.next()).contains("AWS is asked too much at the moment");
    assertThat(calls(action)).isEqualTo(11);
  }

  @Test
  void aNetworkThatStaysAwayEndsTheWaiting() {
    aws.onCall("ssm:GetCommandInvocation", Fault.DROPPED_BEFORE);
    assertThat(failure(EnvironmentException.class).what())
        .isEqualTo("cannot look how " + name() + " is getting on (ssm:GetCommandInvocation)");
    assertThat(waited()).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void oneThatRunsTooLongHasFailedThere() {
    answer(DONE.taking(Duration.ofHours(1)));
    RemoteWorkException failure = failure(RemoteWorkException.class);
    assertThat(failure.what()).isEqualTo(name() + " took too long");
    assertThat(failure.why()).isEqualTo("Systems Manager ended it: TimedOut (Execution Timed Out)");
    assertThat(waited()).isBetween(MINUTE, Duration.ofSeconds(62));
  }

  @Test
  void oneThatTheAgentDoesNotFetchMeansThatItIsLost() {
    answer(DONE.pendingFor(Duration.ofHours(1)));
    MachineLostException failure = failure(MachineLostException.class);
    assertThat(failure.what()).isEqualTo(name() + " was lost");
    assertThat(failure.why()).isEqualTo("Systems Manager says TimedOut (Delivery Timed Out)");
  }

  @Test
  void anUndeliverableOneMeansThatTheMachineIsLost() {
    answer(CommandOutcome.ended("Undeliverable"));
    assertThat(failure(MachineLostException.class).why())
        .isEqualTo("Systems Manager says Failed (Undeliverable)");
  }

  @Test
  void anAgentThatIsLostMeanwhileIsNoticedLongBeforeTheTimeIsUp() {
    answer(DONE.taking(Duration.ofHours(1)));
    meanwhile =
        () -> {
          if (waited().compareTo(Duration.ofSeconds(30)) > 0) {
            aws.commands().loseConnection(INSTANCE);
          }
        };
    MachineLostException failure =
        catchThrowableOfType(MachineLostException.class, () -> run(Duration.ofHours(2), () -> {}));
    assertThat(failure.why()).isEqualTo("its agent is ConnectionLost in Systems Manager");
    assertThat(waited()).isLessThan(Duration.ofSeconds(62));
    assertThat(aws.commands().cancelled()).hasSize(1);
  }

  @Test
  void anAgentThatComesBackIsNotLost() throws InterruptedException {
    answer(DONE.taking(Duration.ofMinutes(2)));
    meanwhile =
        () -> {
          if (waited().toSeconds() % 30 < 20) {
            aws.commands().loseConnection(INSTANCE);
          } else {
            aws.commands().putOnline(INSTANCE);
          }
        };
    assertThat(run(Duration.ofHours(2), () -> {}).exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "Cancelled, Cancelled",
    "Terminated, Failed (Terminated)",
    "Access Denied, Failed (Access Denied)",
    "InvalidPlatform, Failed (InvalidPlatform)",
    "Failed, Failed"
  })
  void anEndThatIsNotTheScriptsIsTold(String details, String told) {
    answer(CommandOutcome.ended(details));
    EnvironmentException failure = failure(EnvironmentException.class);
    assertThat(failure.what()).isEqualTo(name() + " was ended as " + told);
    assertThat(failure.next())
        .isEqualTo(
            "Look with: aws ssm get-command-invocation --region us-west-2 --command-id "
                + id()
                + " --instance-id "
                + INSTANCE);
    assertThat(aws.commands().cancelled()).isEmpty();
  }

  @Test
  void whatTheCheckThrowsEndsTheWaitingAndCancelsIt() {
    answer(DONE.taking(Duration.ofHours(1)));
    EnvironmentException gone = new EnvironmentException("it is terminated", "", "");
    assertThatThrownBy(
            () ->
                run(
                    Duration.ofHours(2),
                    () -> {
                      if (waited().compareTo(MINUTE) > 0) {
                        throw gone;
                      }
                    }))
        .isSameAs(gone);
    assertThat(waited()).isLessThan(Duration.ofSeconds(75));
    assertThat(aws.commands().cancelled()).hasSize(1);
  }

  @Test
  void anInterruptCancelsIt() {
    answer(DONE.taking(Duration.ofHours(1)));
    meanwhile =
        () -> {
          throw new InterruptedException();
        };
    assertThatThrownBy(this::run).isInstanceOf(InterruptedException.class);
    assertThat(aws.commands().cancelled()).extracting(SentCommand::id).containsExactly(id());
  }

  @Test
  void anInterruptInTheMiddleOfACallCancelsIt() {
    answer(DONE.taking(Duration.ofHours(1)));
    aws.onCall(
        "ssm:GetCommandInvocation",
        Fault.before(
            () -> {
              Thread.currentThread().interrupt();
              throw AbortedException.create("as the SDK does then");
            }));
    aws.onCall(
        "ssm:CancelCommand",
        Fault.before(() -> assertThat(Thread.currentThread().isInterrupted()).isFalse()));
    assertThatThrownBy(this::run).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(aws.commands().cancelled()).hasSize(1);
  }

  @Test
  void thatItCannotBeCancelledDoesNotHideWhy() {
    answer(DONE.taking(Duration.ofHours(1)));
    aws.onCall("ssm:CancelCommand", Fault.FORBIDDEN);
    meanwhile =
        () -> {
          throw new InterruptedException();
        };
    assertThatThrownBy(this::run).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aTimeThatTheAgentWouldNotTakeIsRefused() {
    assertThatThrownBy(() -> run(Duration.ofSeconds(4), () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> run(Duration.ofHours(49), () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(aws.actions()).isEmpty();
  }
}
