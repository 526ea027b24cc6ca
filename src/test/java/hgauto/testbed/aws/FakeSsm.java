package hgauto.testbed.aws;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CancelCommandRequest;
import software.amazon.awssdk.services.ssm.model.CancelCommandResponse;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationRequest;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationResponse;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationRequest;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.PlatformType;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;
import software.amazon.awssdk.services.ssm.model.SendCommandResponse;

/** Systems Manager in one region of the fake account. */
final class FakeSsm implements SsmClient {
  private final FakeAccount account;
  private final FakeRegion region;

  FakeSsm(FakeAccount account, FakeRegion region) {
    this.account = account;
    this.region = region;
  }

  @Override
  public GetParametersResponse getParameters(GetParametersRequest request) {
    return account.make(new Call("ssm:GetParameters", region.name), () -> get(request.names()));
  }

  private GetParametersResponse get(List<String> names) {
    if (names.isEmpty() || names.size() > 10) {
      throw Refusal.of(
          "ssm",
          "ValidationException",
          "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must"
              + " have length less than or equal to 10");
    }
    Map<String, String> all = region.parameters;
    return GetParametersResponse.builder()
        .parameters(
            names.stream()
                .filter(all::containsKey)
                .map(name -> Parameter.builder().name(name).value(all.get(name)).build())
                .toList())
        .invalidParameters(names.stream().filter(name -> !all.containsKey(name)).toList())
        .build();
  }

  @Override
  public DescribeInstanceInformationResponse describeInstanceInformation(
      DescribeInstanceInformationRequest request) {
    return account.make(
        new Call("ssm:DescribeInstanceInformation", region.name), () -> describe(request));
  }

  private DescribeInstanceInformationResponse describe(DescribeInstanceInformationRequest request) {
    List<String> asked =
        request.filters().stream()
            .filter(filter -> filter.key().equals("InstanceIds"))
            .flatMap(filter -> filter.values().stream())
            .toList();
    return DescribeInstanceInformationResponse.builder()
        .instanceInformationList(
            region.commands.pings(asked).entrySet().stream()
                .map(
                    ping ->
                        InstanceInformation.builder()
                            .instanceId(ping.getKey())
                            .pingStatus(ping.getValue())
                            .agentVersion(PlayedCommands.AGENT)
                            .platformType(PlatformType.WINDOWS)
                            .platformName(PlayedCommands.SYSTEM)
                            .build())
                .toList())
        .build();
  }

  @Override
  public SendCommandResponse sendCommand(SendCommandRequest request) {
    return account.make(new Call("ssm:SendCommand", region.name), () -> send(request));
  }

  private SendCommandResponse send(SendCommandRequest request) {
    SentCommand sent =
        region.commands.send(
            new PlayedCommands.Request(
                request.documentName(),
                request.instanceIds(),
                request.parameters(),
                request.timeoutSeconds(),
                request.comment()));
    return SendCommandResponse.builder().command(c -> c.commandId(sent.id())).build();
  }

  @Override
  public GetCommandInvocationResponse getCommandInvocation(GetCommandInvocationRequest request) {
    return account.make(
        new Call("ssm:GetCommandInvocation", region.name),
        () -> look(request.commandId(), request.instanceId()));
  }

  private GetCommandInvocationResponse look(String commandId, String instanceId) {
    PlayedCommands.Standing standing = region.commands.look(commandId, instanceId);
    return GetCommandInvocationResponse.builder()
        .commandId(commandId)
        .instanceId(instanceId)
        .status(standing.status())
        .statusDetails(standing.details())
        .responseCode(standing.code())
        .standardOutputContent(standing.output())
        .standardErrorContent(standing.error())
        .build();
  }

  @Override
  public CancelCommandResponse cancelCommand(CancelCommandRequest request) {
    return account.make(
        new Call("ssm:CancelCommand", region.name),
        () -> {
          region.commands.cancel(request.commandId());
          return CancelCommandResponse.builder().build();
        });
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
