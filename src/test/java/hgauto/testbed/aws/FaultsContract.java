package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What tests of production code rely on: the log of calls, and what goes wrong with them. */
interface FaultsContract extends AccountUnderTest {
  private void create() {
    ec2().createSecurityGroup(r -> r.groupName("hg-g").description("d"));
  }

  private boolean created() {
    return ec2().describeSecurityGroups(r -> {}).securityGroups().stream()
        .anyMatch(group -> group.groupName().equals("hg-g"));
  }

  private void assertConnectionLost() {
    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(this::create)
        .withRootCauseInstanceOf(IOException.class);
  }

  @Test
  default void callsAreLoggedAsPoliciesNameThem() {
    calls().forgetCalls();
    created();
    iam().createInstanceProfile(r -> r.instanceProfileName("hg-p"));
    clients().ssm(REGION).getParameters(r -> r.names("/x"));
    clients().sts().getCallerIdentity();
    assertThat(calls().calls())
        .containsExactly(
            new Call("ec2:DescribeSecurityGroups", REGION),
            new Call("iam:CreateInstanceProfile", "aws-global"),
            new Call("ssm:GetParameters", REGION),
            new Call("sts:GetCallerIdentity", REGION));
  }

  @Test
  default void throttledCallHasNoEffect() {
    calls().onCall("ec2:CreateSecurityGroup", Fault.THROTTLED);
    assertThatExceptionOfType(AwsServiceException.class)
        .isThrownBy(this::create)
        .matches(AwsServiceException::isThrottlingException);
    calls().withoutFaults();
    assertThat(created()).isFalse();
  }

  @Test
  default void everyServiceThrottles() {
    calls().onCalls(1, Integer.MAX_VALUE, Fault.THROTTLED);
    assertThatExceptionOfType(AwsServiceException.class)
        .isThrownBy(() -> iam().getRole(r -> r.roleName("x")))
        .matches(AwsServiceException::isThrottlingException);
    assertThatExceptionOfType(AwsServiceException.class)
        .isThrownBy(() -> clients().ssm(REGION).getParameters(r -> r.names("/x")))
        .matches(AwsServiceException::isThrottlingException);
    assertThatExceptionOfType(AwsServiceException.class)
        .isThrownBy(() -> clients().sts().getCallerIdentity())
        .matches(AwsServiceException::isThrottlingException);
  }

  @Test
  default void forbiddenCallHasNoEffect() {
    calls().onCalls(1, Integer.MAX_VALUE, Fault.FORBIDDEN);
    assertRefused("UnauthorizedOperation", this::create);
    assertRefused("AccessDenied", () -> iam().getRole(r -> r.roleName("x")));
    assertRefused("AccessDenied", () -> clients().sts().getCallerIdentity());
    assertRefused(
        "AccessDeniedException", () -> clients().ssm(REGION).getParameters(r -> r.names("/x")));
    calls().withoutFaults();
    assertThat(created()).isFalse();
  }

  @Test
  default void callIsRefusedWithTheCodeAndMessageThatTheTestWants() {
    calls()
        .onCall(
            "ec2:CreateSecurityGroup",
            Fault.refused("SecurityGroupLimitExceeded", "The <maximum> is reached"));
    assertThatExceptionOfType(AwsServiceException.class)
        .isThrownBy(this::create)
        .satisfies(
            e -> {
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SecurityGroupLimitExceeded");
              assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("The <maximum> is reached");
            });
  }

  @Test
  default void callThatIsDroppedBeforeHasNoEffect() {
    calls().onCall("ec2:CreateSecurityGroup", Fault.DROPPED_BEFORE);
    assertConnectionLost();
    assertThat(created()).isFalse();
  }

  /** Only the first answer is lost: the repeated call finds the group there. */
  @Test
  default void callWithoutAnAnswerHasAnEffect() {
    calls().onCall("ec2:CreateSecurityGroup", Fault.ANSWER_LOST);
    assertThatExceptionOfType(Exception.class).isThrownBy(this::create);
    assertThat(created()).isTrue();
  }

  @Test
  default void hooksRunBeforeAfterAndInsteadOfTheCall() {
    AtomicInteger before = new AtomicInteger();
    AtomicInteger after = new AtomicInteger();
    AtomicInteger instead = new AtomicInteger();
    calls().onCall("ec2:CreateSecurityGroup", Fault.before(before::incrementAndGet));
    create();
    calls().withoutFaults();
    assertThat(before).hasValue(1);
    calls().onCall("ec2:CreateKeyPair", 1, Fault.after(after::incrementAndGet));
    calls().onCall("ec2:ImportKeyPair", 1, Fault.after(after::incrementAndGet));
    ec2().importKeyPair(r -> r.keyName("k").publicKeyMaterial(KeysContract.PUBLIC_KEY));
    assertThat(after).hasValue(1);
    calls().onCall("ec2:DeleteKeyPair", Fault.instead(instead::incrementAndGet));
    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(() -> ec2().deleteKeyPair(r -> r.keyName("k")));
    assertThat(instead).hasPositiveValue();
    assertThat(ec2().describeKeyPairs(r -> {}).keyPairs()).hasSize(1);
  }

  @Test
  default void faultsCountTheCallsFromWhereTheyAreSet() {
    created();
    calls().onCall(2, Fault.refused("Second"));
    calls().onCall("ec2:CreateSecurityGroup", 2, Fault.refused("SecondOfThese"));
    create();
    assertRefused("Second", this::created);
    assertRefused("SecondOfThese", this::create);
    assertThat(created()).isTrue();
  }
}
