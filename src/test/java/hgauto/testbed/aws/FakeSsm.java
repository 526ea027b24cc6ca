package hgauto.testbed.aws;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParametersRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.Parameter;

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
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
