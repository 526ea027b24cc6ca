package hgauto.testbed.aws;

import static hgauto.testbed.aws.AccountUnderTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocationStatus;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InstanceInformationStringFilter;
import software.amazon.awssdk.services.ssm.model.PingStatus;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;

/** What production code relies on about Run Command. */
interface CommandsContract extends AccountUnderTest {
  String INSTANCE = "i-0123456789abcdef0";
  Instant BEGIN = Instant.parse("2026-11-24T20:00:00Z");

  /** What AWS says the time is. */
  void setClock(Clock clock);

  /** Run Command as the test has it. */
  PlayedCommands commands();

  private SsmClient ssm() {
    return clients().ssm(REGION);
  }

  private String send(Consumer<SendCommandRequest.Builder> more) {
    setClock(Clock.fixed(BEGIN, ZoneOffset.UTC));
    SendCommandRequest.Builder request =
        SendCommandRequest.builder()
            .instanceIds(INSTANCE)
            .documentName("AWS-RunPowerShellScript")
            .timeoutSeconds(600)
            .comment("say")
            .parameters(
                Map.of("commands", List.of("'one'\n'two'"), "executionTimeout", List.of("60")));
    more.accept(request);
    return ssm().sendCommand(request.build()).command().commandId();
  }

  private GetCommandInvocationResponse after(String id, Duration time) {
    setClock(Clock.fixed(BEGIN.plus(time), ZoneOffset.UTC));
    return ssm().getCommandInvocation(r -> r.commandId(id).instanceId(INSTANCE));
  }

  private List<InstanceInformation> listed() {
    return ssm()
        .describeInstanceInformation(
            r ->
                r.filters(
                    InstanceInformationStringFilter.builder()
                        .key("InstanceIds")
                        .values(INSTANCE)
                        .build()))
        .instanceInformationList();
  }

  @Test
  default void instanceIsListedOnceItsAgentWasOnline() {
    assertThat(listed()).isEmpty();
    commands().putOnline("i-0fedcba9876543210");
    commands().putOnline(INSTANCE);
    assertThat(listed())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.instanceId()).isEqualTo(INSTANCE);
              assertThat(found.pingStatus()).isEqualTo(PingStatus.ONLINE);
            });
    commands().loseConnection(INSTANCE);
    assertThat(listed())
        .singleElement()
        .satisfies(found -> assertThat(found.pingStatus()).isEqualTo(PingStatus.CONNECTION_LOST));
  }

  @Test
  default void commandIsUnknownPendingUnderWayAndThenItEnds() {
    commands().putOnline(INSTANCE);
    commands()
        .answer(
            sent ->
                CommandOutcome.exit(7, sent.script(), "wrong")
                    .hiddenFor(Duration.ofSeconds(1))
                    .pendingFor(Duration.ofSeconds(2))
                    .taking(Duration.ofSeconds(4)));
    String id = send(r -> {});
    assertThat(id).hasSize(36);
    assertRefused("InvocationDoesNotExist", () -> after(id, Duration.ZERO));
    assertThat(after(id, Duration.ofSeconds(1)).status())
        .isEqualTo(CommandInvocationStatus.PENDING);
    GetCommandInvocationResponse underWay = after(id, Duration.ofSeconds(6));
    assertThat(underWay.status()).isEqualTo(CommandInvocationStatus.IN_PROGRESS);
    assertThat(underWay.responseCode()).isEqualTo(-1);
    assertThat(underWay.standardOutputContent()).isEmpty();
    GetCommandInvocationResponse ended = after(id, Duration.ofSeconds(7));
    assertThat(ended.status()).isEqualTo(CommandInvocationStatus.FAILED);
    assertThat(ended.statusDetails()).isEqualTo("Failed");
    assertThat(ended.responseCode()).isEqualTo(7);
    assertThat(ended.standardOutputContent()).isEqualTo("'one'\n'two'");
    assertThat(ended.standardErrorContent()).isEqualTo("wrong");
  }

  @Test
  default void littleOfTheOutputIsKept() {
    commands().putOnline(INSTANCE);
    commands().answer(sent -> CommandOutcome.exit(0, "é".repeat(24_001), "x".repeat(8_001)));
    GetCommandInvocationResponse ended = after(send(r -> {}), Duration.ZERO);
    assertThat(ended.standardOutputContent()).isEqualTo("é".repeat(24_000));
    assertThat(ended.standardErrorContent()).isEqualTo("x".repeat(8_000));
  }

  @Test
  default void commandThatIsNotBegunOrTakesTooLongTimesOut() {
    commands().putOnline(INSTANCE);
    commands().answer(sent -> CommandOutcome.exit(0, "", "").pendingFor(Duration.ofHours(1)));
    String late = send(r -> {});
    assertThat(after(late, Duration.ofSeconds(599)).status())
        .isEqualTo(CommandInvocationStatus.PENDING);
    assertThat(after(late, Duration.ofMinutes(10)).statusDetails()).isEqualTo("Delivery Timed Out");
    commands().answer(sent -> CommandOutcome.exit(0, "", "").taking(Duration.ofHours(1)));
    String slow = send(r -> {});
    assertThat(after(slow, Duration.ofSeconds(59)).status())
        .isEqualTo(CommandInvocationStatus.IN_PROGRESS);
    GetCommandInvocationResponse ended = after(slow, Duration.ofSeconds(60));
    assertThat(ended.status()).isEqualTo(CommandInvocationStatus.TIMED_OUT);
    assertThat(ended.statusDetails()).isEqualTo("Execution Timed Out");
  }

  @Test
  default void commandOfALostAgentIsUnderWayUntilAllItsTimeIsUp() {
    commands().putOnline(INSTANCE);
    commands().answer(sent -> CommandOutcome.exit(0, "", "").taking(Duration.ofSeconds(9)));
    String id = send(r -> {});
    commands().loseConnection(INSTANCE);
    assertThat(after(id, Duration.ofSeconds(659)).status())
        .isEqualTo(CommandInvocationStatus.IN_PROGRESS);
    assertThat(after(id, Duration.ofMinutes(11)).status())
        .isEqualTo(CommandInvocationStatus.TIMED_OUT);
    assertRefused("InvalidInstanceId", () -> send(r -> {}));
  }

  @Test
  default void commandThatIsUnderWayCanBeCancelled() {
    commands().putOnline(INSTANCE);
    commands().answer(sent -> CommandOutcome.exit(0, "", "").taking(Duration.ofSeconds(9)));
    String id = send(r -> {});
    ssm().cancelCommand(r -> r.commandId(id).instanceIds(INSTANCE));
    assertThat(after(id, Duration.ofSeconds(1)).status())
        .isEqualTo(CommandInvocationStatus.CANCELLED);
    assertThat(commands().cancelled()).extracting(SentCommand::id).containsExactly(id);
    commands().answer(sent -> CommandOutcome.exit(0, "", ""));
    String ended = send(r -> {});
    ssm().cancelCommand(r -> r.commandId(ended).instanceIds(INSTANCE));
    assertThat(after(ended, Duration.ofSeconds(1)).status())
        .isEqualTo(CommandInvocationStatus.SUCCESS);
  }

  @Test
  default void onlyWhatTheDocumentTakesIsTaken() {
    commands().putOnline(INSTANCE);
    assertRefused("InvalidInstanceId", () -> send(r -> r.instanceIds("i-0fedcba9876543210")));
    assertRefused("InvalidDocument", () -> send(r -> r.documentName("AWS-RunPowerShell")));
    assertRefused("ValidationException", () -> send(r -> r.comment("x".repeat(101))));
    assertRefused("ValidationException", () -> send(r -> r.timeoutSeconds(29)));
    assertRefused("ValidationException", () -> send(r -> r.timeoutSeconds(2_592_001)));
    assertRefused("InvalidParameters", () -> send(r -> r.parameters(Map.of())));
    assertRefused("InvalidParameters", () -> send(with("timeout", "60")));
    assertRefused("InvalidParameters", () -> send(with("executionTimeout", "4")));
    assertRefused("InvalidParameters", () -> send(with("executionTimeout", "172801")));
    assertRefused("InvalidParameters", () -> send(with("executionTimeout", "60.0")));
    assertRefused("MaxDocumentSizeExceeded", () -> send(with("commands", "x".repeat(65_536))));
    assertThat(commands().sent()).isEmpty();
  }

  private static Consumer<SendCommandRequest.Builder> with(String parameter, String value) {
    return r ->
        r.parameters(
            parameter.equals("commands")
                ? Map.of(parameter, List.of(value))
                : Map.of("commands", List.of("1"), parameter, List.of(value)));
  }
}
