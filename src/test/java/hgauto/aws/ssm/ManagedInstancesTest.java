package hgauto.aws.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.testbed.aws.Fault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ManagedInstancesTest extends CommandScene {
  private static final String OTHER = "i-0fedcba9876543210";
  private static final Duration AT_MOST = Duration.ofMinutes(10);

  private void await(String instance) throws InterruptedException {
    new ManagedInstances(aws.account(), poll).awaitOnline(instance, () -> {}, AT_MOST);
  }

  private EnvironmentException failure(String instance) {
    return catchThrowableOfType(EnvironmentException.class, () -> await(instance));
  }

  @Test
  void oneThatIsOnlineIsNotWaitedFor() throws InterruptedException {
    await(INSTANCE);
    assertThat(pauses).isEmpty();
  }

  @Test
  void waitsForOneThatIsNotListedYet() throws InterruptedException {
    meanwhile =
        () -> {
          if (waited().equals(Duration.ofSeconds(20))) {
            aws.commands().putOnline(OTHER);
          }
        };
    await(OTHER);
    assertThat(waited()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void waitsForOneWhoseConnectionIsLost() throws InterruptedException {
    aws.commands().loseConnection(INSTANCE);
    meanwhile = () -> aws.commands().putOnline(INSTANCE);
    await(INSTANCE);
    assertThat(pauses).hasSize(1);
  }

  @Test
  void anErrorThatSystemsManagerDoesNotKnowItIsNotYet() throws InterruptedException {
    aws.onCalls("ssm:DescribeInstanceInformation", 1, 2, Fault.refused("InvalidInstanceId"));
    await(INSTANCE);
    assertThat(pauses).hasSize(2);
  }

  @Test
  void doesNotWaitForEverAndTellsWhatWasSeen() {
    assertThat(failure(OTHER).what())
        .isEqualTo("timed out waiting for " + OTHER + " to be online in Systems Manager");
    assertThat(failure(OTHER).why())
        .isEqualTo(
            "its agent, which needs its instance profile and a way out, was not heard of in 600 s");
    aws.commands().loseConnection(INSTANCE);
    assertThat(failure(INSTANCE).why()).isEqualTo("its agent was ConnectionLost in 600 s");
  }

  @Test
  void whatTheCheckThrowsEndsTheWaiting() {
    EnvironmentException ended = new EnvironmentException("it ended", "", "");
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class,
            () ->
                new ManagedInstances(aws.account(), poll)
                    .awaitOnline(
                        OTHER,
                        () -> {
                          if (pauses.size() == 2) {
                            throw ended;
                          }
                        },
                        AT_MOST));
    assertThat(failure).isSameAs(ended);
  }

  @Test
  void throttlingAndALostConnectionPass() throws InterruptedException {
    aws.onCalls("ssm:DescribeInstanceInformation", 1, 5, Fault.THROTTLED);
    aws.onCalls("ssm:DescribeInstanceInformation", 6, 10, Fault.DROPPED_BEFORE);
    await(INSTANCE);
    assertThat(pauses).hasSize(10);
  }

  @Test
  void aNetworkThatStaysAwayIsToldSoonerThanTheTimeIsUp() {
    aws.onCall("ssm:DescribeInstanceInformation", Fault.DROPPED_BEFORE);
    assertThat(failure(INSTANCE).what())
        .isEqualTo(
            "cannot look whether "
                + INSTANCE
                + " in us-west-2 is online (ssm:DescribeInstanceInformation)");
    assertThat(calls("ssm:DescribeInstanceInformation")).isEqualTo(11);
  }

  @Test
  void aMissingPermissionIsToldAtOnce() {
    aws.onCall("ssm:DescribeInstanceInformation", Fault.FORBIDDEN);
    assertThat(failure(INSTANCE).next()).contains("Allow ssm:DescribeInstanceInformation");
    assertThat(pauses).isEmpty();
  }
}
