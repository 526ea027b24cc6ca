package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.Account;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What production code and its tests rely on about an AWS account. It runs on the account in memory
 * and on moto behind the proxy, so that neither drifts from the other. What only the first can do
 * is marked with {@link MotoLacks}, and checked on moto too: there it must fail.
 */
abstract class AccountContractTest
    implements InstancesContract,
        ImagesContract,
        KeysContract,
        GroupsContract,
        IamContract,
        CommandsContract,
        FaultsContract {
  @Test
  void callerIsTold() {
    assertThat(account().caller().account()).matches("\\d{12}");
    assertThat(account().caller().arn())
        .startsWith("arn:aws:")
        .contains(":" + account().caller().account() + ":");
  }

  @Test
  void timeIsAws() {
    setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10)));
    Account account = account();
    assertThat(Duration.between(account.caller().clock().instant(), Clock.systemUTC().instant()))
        .isBetween(Duration.ofSeconds(590), Duration.ofSeconds(610));
  }

  @Test
  void parametersAreKnownOrNot() {
    var answer =
        clients()
            .ssm(REGION)
            .getParameters(
                r ->
                    r.names(
                        "/aws/service/debian/release/12/latest/amd64", "/aws/service/not/there"));
    assertThat(answer.parameters())
        .singleElement()
        .satisfies(parameter -> assertThat(parameter.value()).startsWith("ami-"));
    assertThat(answer.invalidParameters()).containsExactly("/aws/service/not/there");
  }

  @Test
  void tenParametersAreAskedForAtMost() {
    assertRefused(
        "ValidationException",
        () ->
            clients()
                .ssm(REGION)
                .getParameters(
                    r -> r.names(IntStream.range(0, 11).mapToObj(i -> "/p" + i).toList())));
  }

  @Test
  void regionsAreApart() {
    launch(r -> {});
    assertThat(clients().ec2("us-east-1").describeInstances().reservations()).isEmpty();
  }
}
